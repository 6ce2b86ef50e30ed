using System.Globalization;
using CreditUsage.Core.Files;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CsvHelper;

namespace CreditUsage.Features.Journals;

/// <summary>
/// A month as a journal: the report's cost of sessions and top-ups is debited to their accounts. The prepaid one is credited with the same, or
/// with what the credits cost first in, first out; then the difference goes to an account of its own, and the prepaid account is the stock.
/// </summary>
/// <param name="Lines">Debits first; they balance to the penny. Empty where the month comes to nothing.</param>
/// <param name="TaxCode">The accounting system's name for it; empty for none.</param>
public sealed record Journal(UsageMonth Month, IReadOnlyList<JournalLine> Lines, string TaxCode)
{
    public string Narration => $"Credit usage {Month.Name}";

    public DateOnly Date => Month.End.AddDays(-1);

    public string Number => $"CU-{Month}";

    public long DebitPence => Lines.Sum(line => Math.Max(line.Pence, 0));

    public long CreditPence => Lines.Sum(line => Math.Max(-line.Pence, 0));

    /// <param name="report">The whole month, with no money withheld.</param>
    public static Journal Of(CreditUsageReport report, AccountMapping accounts, StockMovement stock)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(accounts);
        ArgumentNullException.ThrowIfNull(stock);
        var (month, total) = (report.Filter.Month, report.All.CostPence ?? throw new InvalidOperationException("A month whose money is withheld cannot be booked."));
        var taken = accounts.Basis == PrepaidBasis.ReportPrice ? total : stock.Bridge(accounts.Basis).Taken;
        JournalLine[] lines =
        [
            new(accounts.SessionsAccount, $"Connected sessions {month.Name}", report.Sessions.KnownCostPence),
            new(accounts.TopUpsAccount, $"Daily top-ups {month.Name}", report.TopUps.KnownCostPence),
            new(accounts.DifferencesAccount, $"Cost of credits against their price {month.Name}", taken - total),
            new(accounts.PrepaidAccount, $"Credits used {month.Name}", -taken),
        ];
        return new Journal(month, [.. lines.Where(line => line.Pence != 0).OrderByDescending(line => line.Pence > 0)], accounts.TaxCode);
    }
}

/// <param name="Pence">A debit; a credit where negative.</param>
public sealed record JournalLine(string Account, string Description, long Pence);

/// <summary>A journal in the import formats of accounting systems (docs/decisions/0018): UTF-8, RFC 4180, CRLF.</summary>
public static class JournalCsv
{
    /// <summary>The names for no tax in the systems' own charts for the United Kingdom.</summary>
    private const string XeroNoTax = "No VAT";
    private const string SageNoTax = "T9";

    /// <summary>Sage 50's limit for details and reference, in characters.</summary>
    private const int SageDetails = 60;

    private static readonly Format Xero = new(
        ["*Narration", "*Date", "Description", "*AccountCode", "*TaxRate", "*Amount", "TrackingName1", "TrackingOption1", "TrackingName2", "TrackingOption2"],
        (journal, line) => [journal.Narration, Day(journal.Date), line.Description, line.Account, journal.TaxCode.Length == 0 ? XeroNoTax : journal.TaxCode, Pounds(line.Pence), "", "", "", ""], Amounts: [5]);

    private static readonly Format QuickBooks = new(
        ["Journal No.", "Journal Date", "Account Name", "Description", "Debits", "Credits"],
        (journal, line) => [journal.Number, Day(journal.Date), line.Account, line.Description, line.Pence > 0 ? Pounds(line.Pence) : "", line.Pence < 0 ? Pounds(-line.Pence) : ""], Amounts: [4, 5]);

    private static readonly Format Sage = new(
        ["Type", "Account Reference", "Nominal A/C Ref", "Department Code", "Date", "Reference", "Details", "Net Amount", "Tax Code", "Tax Amount"],
        (journal, line) => [line.Pence > 0 ? "JD" : "JC", "", line.Account, "0", Day(journal.Date), journal.Number, Short(line.Description), Pounds(Math.Abs(line.Pence)), journal.TaxCode.Length == 0 ? SageNoTax : journal.TaxCode, "0.00"],
        Amounts: [7, 9]);

    public static Func<Stream, Journal, CancellationToken, Task>? For(string system) => system switch
    {
        "xero" => (stream, journal, cancellation) => WriteAsync(Xero, stream, journal, cancellation),
        "quickbooks" => (stream, journal, cancellation) => WriteAsync(QuickBooks, stream, journal, cancellation),
        "sage" => (stream, journal, cancellation) => WriteAsync(Sage, stream, journal, cancellation),
        _ => null,
    };

    private static async Task WriteAsync(Format format, Stream stream, Journal journal, CancellationToken cancellation)
    {
        // No byte order mark: importers read it as part of the first heading.
        await using var csv = CsvWriter.Create(stream, CsvWriterOptions.Default, leaveOpen: true);
        foreach (var heading in format.Headings) csv.WriteField(heading);
        await csv.EndRecordAsync(cancellation);
        foreach (var line in journal.Lines)
        {
            foreach (var (place, field) in format.Fields(journal, line).Index()) csv.WriteField(format.Amounts.Contains(place) ? field : SpreadsheetText.Defused(field));
            await csv.EndRecordAsync(cancellation);
        }
    }

    private static string Day(DateOnly day) => day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);

    private static string Pounds(long pence) => (pence / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Short(string text) => text.Length <= SageDetails ? text : text[..SageDetails];

    /// <param name="Amounts">The indexes of amounts, which may begin with a minus.</param>
    private sealed record Format(string[] Headings, Func<Journal, JournalLine, string[]> Fields, int[] Amounts);
}

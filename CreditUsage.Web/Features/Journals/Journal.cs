using CreditUsage.Core.Report;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;

namespace CreditUsage.Features.Journals;

/// <summary>A month as a journal: what sessions and top-ups cost is charged to their accounts and taken from the credits that were paid for before.</summary>
/// <param name="Lines">Debits above, credits below; they balance to the penny. Empty where the month comes to nothing.</param>
/// <param name="TaxCode">In the words of the accounting system; empty for none.</param>
public sealed record Journal(UsageMonth Month, IReadOnlyList<JournalLine> Lines, string TaxCode)
{
    public string Narration => $"Credit usage {Month.Name}";

    /// <summary>The month's last day.</summary>
    public DateOnly Date => Month.End.AddDays(-1);

    /// <summary>"CU-2026-10".</summary>
    public string Number => $"CU-{Month}";

    public long DebitPence => Lines.Sum(line => Math.Max(line.Pence, 0));

    public long CreditPence => Lines.Sum(line => Math.Max(-line.Pence, 0));

    /// <param name="report">The whole month, with no money withheld.</param>
    public static Journal Of(CreditUsageReport report, AccountMapping accounts)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(accounts);
        var (month, total) = (report.Filter.Month, report.All.CostPence ?? throw new InvalidOperationException("A month whose money is withheld cannot be booked."));
        JournalLine[] lines =
        [
            new(accounts.SessionsAccount, $"Connected sessions {month.Name}", report.Sessions.KnownCostPence),
            new(accounts.TopUpsAccount, $"Daily top-ups {month.Name}", report.TopUps.KnownCostPence),
            new(accounts.PrepaidAccount, $"Credits used {month.Name}", -total),
        ];
        return new Journal(month, [.. lines.Where(line => line.Pence != 0).OrderByDescending(line => line.Pence > 0)], accounts.TaxCode);
    }
}

/// <summary>One account's part.</summary>
/// <param name="Pence">A debit; a credit where it is below zero.</param>
public sealed record JournalLine(string Account, string Description, long Pence);

using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Core.Lists;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

/// <summary>Purchases that come in by file, by the rules of the form. A purchase's invoice number is its identity.</summary>
public sealed class PurchaseListKind(CreditUsageDb db, RecordLedgerEntry record, TimeProvider clock) : ListKind<LedgerDraft>
{
    public override string One => "purchase";

    public override string Many => "purchases";

    public override string Verb => "Record";

    public override IReadOnlyList<ListColumn> Columns { get; } =
    [
        new("day", "Day", ListValues.Day) { AlsoCalled = ["date", "invoicedate", "purchasedate", "dategmt", "purchasedon", "boughton"] },
        new("packs", "Number of packs", ListValues.Number) { Optional = true, Hint = "Empty: one pack", AlsoCalled = ["noofpacks", "quantity", "qty"] },
        new("pack_size", "Credits in a pack", ListValues.Number) { Hint = "With one pack, all credits of the purchase", AlsoCalled = ["creditsperpack", "credits", "size"] },
        new("paid_gbp", "Pounds paid", ListValues.Number) { Or = "net_gbp", Hint = "Including VAT; or the net pounds", AlsoCalled = ["paid", "gross", "grossgbp", "total", "totalgbp", "amountpaid", "amount", "totalincvat"] },
        new("net_gbp", "Net pounds", ListValues.Number) { Optional = true, Hint = "Without VAT; checked where both are there", AlsoCalled = ["net", "netamount", "subtotal", "exvat"] },
        new("vat_gbp", "VAT in pounds", ListValues.Number) { AlsoCalled = ["vat", "vatamount", "vatincluded"] },
        new("invoice_number", "Invoice number") { AlsoCalled = ["invoice", "invoiceno", "invoiceref", "invoicereference", "reference", "ref"] },
        new("note", "Note") { Optional = true, AlsoCalled = ["notes", "comment", "description", "reason"] },
    ];

    public override IReadOnlyList<string> Heads => ["Day", "Invoice", "Packs", "Credits in a pack", "Credits", "Net", "VAT", "Paid", "Note"];

    public override IReadOnlyList<string> Amounts => ["Packs", "Credits in a pack", "Credits", "Net", "VAT", "Paid"];

    /// <summary>Of today, which is never before a subscription's start.</summary>
    public override IReadOnlyList<IReadOnlyList<string>> Sample(DateOnly today)
    {
        var day = today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return
        [
            [day, "10", "50", "270.00", "225.00", "45.00", "SAMPLE-1", "Sample order"],
            [day, "1", "1000", "", "400.00", "80.00", "SAMPLE-2", ""],
        ];
    }

    public override async Task<ListCheck<LedgerDraft>> CheckAsync(IReadOnlyList<ListRow> rows, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var startsOn = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.StartsOn).SingleAsync(cancellation);
        var (recorded, today, lines) = (await record.InvoicesAsync(cancellation), DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase));
        var check = new ListCheck<LedgerDraft>();
        foreach (var row in rows.Where(check.CanRead))
        {
            if (Read(row, startsOn, today, check) is not { Purchase: { } purchase } draft) continue;
            if (!lines.TryAdd(purchase.InvoiceNumber, row.Line)) check.AddFault(row.Line, "Invoice number", $"Line {lines[purchase.InvoiceNumber]} has invoice {purchase.InvoiceNumber} too; a purchase has a number of its own.");
            else if (!recorded.TryGetValue(purchase.InvoiceNumber, out var there)) check.Add(row.Line, draft, Cells(draft));
            else if (IsSame(there, draft)) check.AddThere(row.Line, Cells(draft));
            else check.AddFault(row.Line, "Invoice number", $"Invoice {there.InvoiceNumber} is already recorded otherwise: on {Display.Day(there.ServiceDate)}, {LedgerLabels.Bought(there)}. This line says {Display.Day(draft.Day)}, {LedgerLabels.Bought(draft)}. Reverse that entry first, or correct the line.");
        }
        await SumUpAsync(check, cancellation);
        return check;
    }

    public override Task StoreAsync(IReadOnlyList<LedgerDraft> rows, CancellationToken cancellation) => record.RunAsync(rows, cancellation);

    private LedgerDraft? Read(ListRow row, DateOnly startsOn, DateOnly today, ListCheck check)
    {
        var paid = row["paid_gbp"];
        if (LedgerFields.Pence(row["net_gbp"], LedgerEntryInput.MaxPence) is { } net && LedgerFields.Pence(row["vat_gbp"], LedgerEntryInput.MaxPence) is { } vat)
        {
            if (paid.Length == 0) paid = string.Create(CultureInfo.InvariantCulture, $"{(net + vat) / 100m:0.00}");
            else if (LedgerFields.Pence(paid, LedgerEntryInput.MaxPence) is { } given && given != net + vat)
            {
                check.AddFault(row.Line, LabelOf("net_gbp"), $"{Display.Pounds(net)} and {Display.Pounds(vat)} VAT make {Display.Pounds(net + vat)}, and {Display.Pounds(given)} was paid. Correct one of them.");
                return null;
            }
        }
        var input = new LedgerEntryInput
        {
            Day = row["day"],
            Packs = row["packs"].Length == 0 ? "1" : row["packs"],
            PackSize = row["pack_size"],
            Paid = paid,
            Vat = row["vat_gbp"],
            Invoice = row["invoice_number"],
            Reason = row["note"],
            LastSeen = "0",
        };
        var draft = input.Validate(LedgerEntryKind.Purchase, startsOn, today, out var faults);
        foreach (var fault in faults) check.AddFault(row.Line, LabelOf(PurchaseToSend.FieldOf(fault)), fault.Message);
        return draft;
    }

    private string? LabelOf(string column) => Columns.FirstOrDefault(one => one.Name == column)?.Label;

    private static bool IsSame(LedgerEntry there, LedgerDraft draft) =>
        (there.ServiceDate, there.Credits, there.PackSize, there.PaidPence, there.VatPence) == (draft.Day, draft.Credits, draft.Purchase!.PackSize, draft.Purchase.PaidPence, draft.Purchase.VatPence);

    private static string[] Cells(LedgerDraft draft)
    {
        var purchase = draft.Purchase!;
        return
        [
            Display.Day(draft.Day), purchase.InvoiceNumber, Display.Number(draft.Credits / purchase.PackSize), Display.Number(purchase.PackSize), Display.Number(draft.Credits),
            Display.Pounds(purchase.NetPence), Display.Pounds(purchase.VatPence), Display.Pounds(purchase.PaidPence), draft.Reason ?? "",
        ];
    }

    private async Task SumUpAsync(ListCheck<LedgerDraft> check, CancellationToken cancellation)
    {
        check.Sums =
        [
            ("Credits", Display.Number(check.ToStore.Sum(draft => (long)draft.Credits))),
            ("Net", Display.Pounds(check.ToStore.Sum(draft => draft.Purchase!.NetPence))),
            ("VAT", Display.Pounds(check.ToStore.Sum(draft => draft.Purchase!.VatPence))),
            ("Paid", Display.Pounds(check.ToStore.Sum(draft => draft.Purchase!.PaidPence))),
        ];
        var closed = await db.ClosedMonthsAsync(cancellation);
        foreach (var late in check.ToStore.GroupBy(draft => UsageMonth.Of(draft.Day)).Where(month => closed.ReportMonth(month.Key) != month.Key).OrderBy(month => month.Key.Start))
            check.AddNote($"{Display.Count(late.Count(), "purchase is", "purchases are")} of {late.Key.Name}, which is closed, and {(late.Count() == 1 ? "counts" : "count")} in {closed.ReportMonth(late.Key).Name}.");
    }
}

using CreditUsage.Core;
using CreditUsage.Domain.Credits;

namespace CreditUsage.Features.Credits;

public static class LedgerLabels
{
    public static string Label(this LedgerEntryKind kind) => kind switch
    {
        LedgerEntryKind.Purchase => "Purchase",
        LedgerEntryKind.Grant => "Grant",
        LedgerEntryKind.Adjustment => "Adjustment",
        _ => "Correction of an entry",
    };

    /// <summary>"10 packs of 50 credits, £270.00 paid with £45.00 VAT, invoice A-17. First order."</summary>
    public static string Details(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var facts = Facts(entry);
        return entry.Reason is not { } reason ? facts : facts.Length == 0 ? reason : $"{facts}. {reason}";
    }

    /// <summary>Omits the reason, which may name a client.</summary>
    internal static string Audited(LedgerEntry entry)
    {
        var facts = Facts(entry);
        return $"{entry.Kind.Label()} of {Display.Day(entry.ServiceDate)}: {Display.Count(entry.Credits, "credit", "credits")}{(facts.Length == 0 ? "" : $" ({facts})")}.";
    }

    public static string WithSign(long credits) => credits > 0 ? "+" + Display.Number(credits) : Display.Number(credits);

    private static string Facts(LedgerEntry entry)
    {
        var takesBack = entry.CorrectsId is { } corrected ? $"Takes back entry {corrected}" : "";
        if (entry.PackSize is not { } size) return takesBack;
        var packs = Math.Abs(entry.Credits) / size;
        var bought = $"{Display.Count(packs, "pack", "packs")} of {Display.Count(size, "credit", "credits")}, {Display.Pounds(entry.PaidPence)} paid with {Display.Pounds(entry.VatPence)} VAT, invoice {entry.InvoiceNumber}";
        return takesBack.Length == 0 ? bought : $"{takesBack}: {bought}";
    }
}

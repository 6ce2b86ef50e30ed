using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Journals;

/// <summary>What a month makes of the unused credits, first in, first out. Each entry and event counts in the month that shows it, as in the balance.</summary>
/// <param name="Bought">The month's purchases, and what takes one back.</param>
public sealed record StockMovement(UnusedCredits Opening, UnusedCredits Closing, IReadOnlyList<LedgerEntry> Bought)
{
    public static async Task<StockMovement> OfAsync(CreditUsageDb db, UsageMonth month, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var entries = await db.LedgerEntries.AsNoTracking().Where(entry => entry.ReportMonth <= month).ToListAsync(cancellation);
        var used = await db.UsageEvents.Where(usage => usage.ReportMonth <= month).GroupBy(usage => usage.ReportMonth == month)
            .Select(part => new { InMonth = part.Key, Credits = part.Sum(usage => (long)usage.Credits) }).ToListAsync(cancellation);
        var before = used.Where(part => !part.InMonth).Sum(part => part.Credits);
        return new(
            UnusedCredits.Of(entries.FindAll(entry => entry.ReportMonth < month), before), UnusedCredits.Of(entries, used.Sum(part => part.Credits)),
            entries.FindAll(entry => entry.ReportMonth == month && entry.PaidPence is not null));
    }

    /// <summary>In pence.</summary>
    /// <param name="basis">By the report's price, the stock is as paid.</param>
    public StockBridge Bridge(PrepaidBasis basis) => basis == PrepaidBasis.CostWithoutVat
        ? new(Opening.Pence - Opening.VatPence, Bought.Sum(entry => entry.PaidPence!.Value - (entry.VatPence ?? 0)), Closing.Pence - Closing.VatPence)
        : new(Opening.Pence, Bought.Sum(entry => entry.PaidPence!.Value), Closing.Pence);
}

/// <summary>The stock in pence at a month's beginning and end.</summary>
/// <param name="Bought">Paid in the month, less what was taken back.</param>
public sealed record StockBridge(long Opening, long Bought, long Closing)
{
    /// <summary>
    /// The cost of the credits that left the stock: used, adjusted away, or taken from another purchase once an earlier one was recorded or taken back.
    /// By subtraction, so that the account and the stock tie to the penny whatever was rounded.
    /// </summary>
    public long Taken => Opening + Bought - Closing;
}

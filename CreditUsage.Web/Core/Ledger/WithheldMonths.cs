using CreditUsage.Data;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Ledger;

/// <summary>The months whose money is withheld for want of a credit price (domain.md rule 4).</summary>
public static class WithheldMonths
{
    public static async Task<IReadOnlyList<WithheldMonth>> LoadAsync(CreditUsageDb db, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var months = await db.UsageEvents.Where(usage => usage.CostPence == null).GroupBy(usage => usage.ReportMonth)
            .Select(month => new { Month = month.Key, Events = month.Count() }).ToListAsync(cancellation);
        return months.OrderBy(month => month.Month).Select(month => new WithheldMonth(month.Month, month.Events)).ToList();
    }
}

public sealed record WithheldMonth(UsageMonth Month, int Events);

using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Closing;

/// <summary>What a month's report has of one service date; a late day is before the month.</summary>
/// <param name="CostPence">Without what has no cost.</param>
/// <param name="Unpriced">Events and corrections that have no cost.</param>
/// <param name="TopUps">Without corrections.</param>
public sealed record MonthDay(DateOnly ServiceDate, int Events, int Corrections, long Credits, long CostPence, int Unpriced, int TopUps)
{
    /// <summary>The days that have usage, in one command: the month's totals, its checklist and its gaps come from them.</summary>
    public static async Task<IReadOnlyList<MonthDay>> ListAsync(CreditUsageDb db, UsageMonth month, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        return await db.UsageEvents.Where(usage => usage.ReportMonth == month).GroupBy(usage => usage.ServiceDate).Select(day => new MonthDay(
            day.Key,
            day.Count(usage => usage.Correction == null),
            day.Count(usage => usage.Correction != null),
            day.Sum(usage => (long)usage.Credits),
            day.Sum(usage => usage.CostPence ?? 0),
            day.Count(usage => usage.CostPence == null),
            day.Count(usage => usage.Kind == UsageKind.DailyTopUp && usage.Correction == null))).ToListAsync(cancellation);
    }
}

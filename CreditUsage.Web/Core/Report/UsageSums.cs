using CreditUsage.Data;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Report;

/// <summary>The sums of the report for other features.</summary>
public sealed class UsageSums(UsageReportQuery query, CreditUsageDb db) : IUsageSums
{
    /// <summary>Grouped as the covering index is ordered, so that a million events are added up as they are read and none is sorted.</summary>
    public async Task<IReadOnlyList<DaySum>> ByDayAsync(UsageMonth from, CancellationToken cancellation)
    {
        var found = await db.UsageEvents.AsNoTracking().Where(usage => usage.ReportMonth >= from).GroupBy(usage => new { usage.ReportMonth, usage.ServiceDate }).Select(day => new
        {
            day.Key,
            Events = day.Count(usage => usage.Correction == null),
            Credits = day.Sum(usage => (long)usage.Credits),
            KnownCostPence = day.Sum(usage => usage.CostPence ?? 0),
            Unpriced = day.Count(usage => usage.CostPence == null),
        }).ToListAsync(cancellation);
        return found.ConvertAll(day => new DaySum(day.Key.ReportMonth, day.Key.ServiceDate, day.Events, day.Credits, day.KnownCostPence, day.Unpriced));
    }

    public async Task<long> SpentAsync(UsageMonth month, string? staff, string? program, CancellationToken cancellation)
    {
        var filter = UsageReportFilter.Whole(month) with { Narrowed = UsageNarrowing.None with { Staff = staff, Program = program } };
        return (await query.RunAsync(filter, cancellation)).All.KnownCostPence;
    }
}

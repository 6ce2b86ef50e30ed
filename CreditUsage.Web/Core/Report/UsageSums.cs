using CreditUsage.Data;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Report;

public sealed class UsageSums(CreditUsageDb db)
{
    /// <summary>By day, of every month from one on, in one command; days without usage are left out.</summary>
    public async Task<IReadOnlyList<DaySum>> ByDayAsync(UsageMonth from, CancellationToken cancellation)
    {
        // Grouped as the covering index is ordered: a million events are summed as they are read, and none is sorted.
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

    /// <summary>Pence of a month, optionally of one staff member's own id or one program's name, without events that have no price yet.</summary>
    public Task<long> SpentAsync(UsageMonth month, string? staff, string? program, CancellationToken cancellation)
    {
        var filter = ReportFilter.Whole(month) with { Rows = RowFilter.None with { Staff = staff, Program = program } };
        return EventFilter.Of(db, filter, month, names: null).SumAsync(usage => usage.CostPence ?? 0, cancellation);
    }
}

/// <param name="Month">The month whose report shows the usage; a late event is dated before it.</param>
public sealed record DaySum(UsageMonth Month, DateOnly Day, int Events, long Credits, long KnownCostPence, int Unpriced);

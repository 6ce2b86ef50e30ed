using CreditUsage.Data;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Report;

/// <summary>What usage adds up to, to the penny as the report has it.</summary>
public sealed class UsageSums(CreditUsageDb db)
{
    /// <summary>Day by day, of every month from one on, in one command; days without usage are left out.</summary>
    public async Task<IReadOnlyList<DaySum>> ByDayAsync(UsageMonth from, CancellationToken cancellation)
    {
        // Grouped as the covering index is ordered, so that a million events are added up as they are read and none is sorted.
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

    /// <summary>Pence of a month, of one staff member or one program where it is named. What has no price yet is not in it.</summary>
    /// <param name="staff">A staff member's own id.</param>
    /// <param name="program">A program's name.</param>
    public Task<long> SpentAsync(UsageMonth month, string? staff, string? program, CancellationToken cancellation)
    {
        var filter = ReportFilter.Whole(month) with { Rows = RowFilter.None with { Staff = staff, Program = program } };
        return EventFilter.Of(db, filter, month, names: null).SumAsync(usage => usage.CostPence ?? 0, cancellation);
    }
}

/// <summary>What a month's report has of one service date.</summary>
/// <param name="Month">The month whose report it is; an event that came late is dated before it.</param>
/// <param name="KnownCostPence">The sum of the stored pence.</param>
/// <param name="Unpriced">Events whose money is withheld.</param>
public sealed record DaySum(UsageMonth Month, DateOnly Day, int Events, long Credits, long KnownCostPence, int Unpriced);

using System.Linq.Expressions;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Report;

public sealed class UsageSums(CreditUsageDb db)
{
    /// <summary>By day, of every month from one on, in one command; days without usage are left out.</summary>
    public Task<IReadOnlyList<DaySum>> ByDayAsync(UsageMonth from, CancellationToken cancellation) =>
        DaySum.ListAsync(db.UsageEvents.AsNoTracking().Where(usage => usage.ReportMonth >= from), cancellation);

    /// <summary>The staff members and programs that cost most in a month, each with its report, in one command.</summary>
    public async Task<DearestNames> DearestAsync(UsageMonth month, CancellationToken cancellation)
    {
        var found = await (from part in db.UsageEvents.AsNoTracking().Where(usage => usage.ReportMonth == month).GroupBy(usage => new { usage.StaffMemberId, usage.ProgramId })
                               .Select(part => new { part.Key.StaffMemberId, part.Key.ProgramId, Pence = part.Sum(usage => usage.CostPence ?? 0), Unpriced = part.Count(usage => usage.CostPence == null) })
                           join staff in db.StaffMembers on part.StaffMemberId equals staff.Id
                           join program in db.Programs on part.ProgramId equals program.Id
                           select new NamedPart(staff.Id, staff.StaffId, staff.Name, program.Id, program.Name, part.Pence, part.Unpriced)).ToListAsync(cancellation);
        return DearestNames.Of(month, found);
    }

    /// <summary>Pence of a month, optionally of one staff member's own id or one program's name, without events that have no price yet.</summary>
    public Task<long> SpentAsync(UsageMonth month, string? staff, string? program, CancellationToken cancellation)
    {
        var events = EventFilter.Of(db, ReportFilter.Whole(month) with { Rows = RowFilter.None with { Staff = staff is null ? [] : [staff] } }, month, names: null);
        return (program is null ? events : EventFilter.OfProgram(events, db, program)).SumAsync(usage => usage.CostPence ?? 0, cancellation);
    }
}

/// <param name="Month">The month whose report shows the usage; a late event is dated before it.</param>
/// <param name="TopUps">Without corrections.</param>
public sealed record DaySum(UsageMonth Month, DateOnly Day, int Events, int Corrections, long Credits, long KnownCostPence, int Unpriced, long SessionCredits, long SessionPence, int TopUps)
{
    /// <summary>Without minutes and days of devices.</summary>
    internal UsageTotal Total => new(Events, Corrections, Minutes: 0, DeviceDays: 0, Credits, KnownCostPence, Unpriced);

    /// <summary>Credits and pence alone.</summary>
    internal UsageTotal Sessions => UsageTotal.Nothing with { Credits = SessionCredits, KnownCostPence = SessionPence };

    internal static async Task<IReadOnlyList<DaySum>> ListAsync(IQueryable<UsageEvent> events, CancellationToken cancellation)
    {
        // Grouped as the covering index is ordered: a million events are summed as they are read, and none is sorted.
        var found = await events.GroupBy(usage => new { usage.ReportMonth, usage.ServiceDate }).Select(day => new
        {
            day.Key,
            Events = day.Count(usage => usage.Correction == null),
            Corrections = day.Count(usage => usage.Correction != null),
            Credits = day.Sum(usage => (long)usage.Credits),
            KnownCostPence = day.Sum(usage => usage.CostPence ?? 0),
            Unpriced = day.Count(usage => usage.CostPence == null),
            SessionCredits = day.Sum(usage => usage.Kind == UsageKind.ConnectedSession ? (long)usage.Credits : 0),
            SessionPence = day.Sum(usage => usage.Kind == UsageKind.ConnectedSession ? usage.CostPence ?? 0 : 0),
            TopUps = day.Count(usage => usage.Kind == UsageKind.DailyTopUp && usage.Correction == null),
        }).ToListAsync(cancellation);
        return found.ConvertAll(day => new DaySum(day.Key.ReportMonth, day.Key.ServiceDate, day.Events, day.Corrections, day.Credits, day.KnownCostPence, day.Unpriced, day.SessionCredits, day.SessionPence, day.TopUps));
    }
}

/// <param name="Id">The row of the name; null where the sums have none.</param>
/// <param name="Day">The service date; the first of all where the sums are not by day.</param>
internal sealed record UsageSum(UsageKind Kind, int? Id, DateOnly Day, UsageTotal Total)
{
    public static Task<List<UsageSum>> ByAsync(IQueryable<UsageEvent> events, UsageGroupBy? by, CancellationToken cancellation) => by switch
    {
        UsageGroupBy.Day or UsageGroupBy.Week => SumAsync(events, usage => new { usage.Kind, usage.ServiceDate }, (key, total) => new UsageSum(key.Kind, null, key.ServiceDate, total), cancellation),
        UsageGroupBy.Staff => SumAsync(events, usage => new { usage.Kind, usage.StaffMemberId }, (key, total) => new UsageSum(key.Kind, key.StaffMemberId, default, total), cancellation),
        UsageGroupBy.Client => SumAsync(events, usage => new { usage.Kind, usage.ClientId }, (key, total) => new UsageSum(key.Kind, key.ClientId, default, total), cancellation),
        UsageGroupBy.Program => SumAsync(events, usage => new { usage.Kind, usage.ProgramId }, (key, total) => new UsageSum(key.Kind, key.ProgramId, default, total), cancellation),
        UsageGroupBy.Device => SumAsync(events, usage => new { usage.Kind, usage.TopUpDeviceId }, (key, total) => new UsageSum(key.Kind, key.TopUpDeviceId, default, total), cancellation),
        _ => SumAsync(events, usage => new { usage.Kind }, (key, total) => new UsageSum(key.Kind, null, default, total), cancellation),
    };

    /// <summary>By all of their columns at once, in one command.</summary>
    public static Task<List<UsagePart>> PartsAsync(IQueryable<UsageEvent> events, CancellationToken cancellation) => SumAsync(
        events, usage => new { usage.Kind, usage.StaffMemberId, usage.ProgramId, usage.ServiceDate }, (key, total) => new UsagePart(key.Kind, key.StaffMemberId, key.ProgramId, key.ServiceDate, total), cancellation);

    public static Task<List<DayOfKind>> ByDayAsync(IQueryable<UsageEvent> events, CancellationToken cancellation) => SumAsync(
        events, usage => new { usage.ReportMonth, usage.ServiceDate, usage.Kind }, (key, total) => new DayOfKind(key.ReportMonth, key.ServiceDate, key.Kind, total), cancellation);

    public static Task<List<DeviceMonth>> ByMonthAsync(IQueryable<UsageEvent> events, CancellationToken cancellation) => SumAsync(
        events, usage => new { usage.ReportMonth, usage.TopUpDeviceId }, (key, total) => new DeviceMonth(key.ReportMonth, key.TopUpDeviceId, total), cancellation);

    private static async Task<List<TSum>> SumAsync<TKey, TSum>(
        IQueryable<UsageEvent> events, Expression<Func<UsageEvent, TKey>> key, Func<TKey, UsageTotal, TSum> sum, CancellationToken cancellation)
    {
        var found = await events.GroupBy(key).Select(group => new
        {
            group.Key,
            Total = new UsageTotal(
                group.Count(usage => usage.Correction == null), group.Count(usage => usage.Correction != null), group.Sum(usage => (long)(usage.DurationMinutes ?? 0)),
                group.Sum(usage => usage.Kind != UsageKind.DailyTopUp || usage.Correction == CorrectionKind.Adjustment ? 0 : usage.Correction == null ? 1 : -1),
                group.Sum(usage => (long)usage.Credits), group.Sum(usage => usage.CostPence ?? 0), group.Count(usage => usage.CostPence == null)),
        }).ToListAsync(cancellation);
        return found.ConvertAll(group => sum(group.Key, group.Total));
    }
}

internal sealed record UsagePart(UsageKind Kind, int StaffMemberId, int ProgramId, DateOnly Day, UsageTotal Total)
{
    public UsageSum OfStaff => new(Kind, StaffMemberId, default, Total);

    public UsageSum OfProgram => new(Kind, ProgramId, default, Total);

    public UsageSum OfDay => new(Kind, null, Day, Total);
}

/// <param name="DeviceId">The row of the device; null for sessions.</param>
internal sealed record DeviceMonth(UsageMonth Month, int? DeviceId, UsageTotal Total);

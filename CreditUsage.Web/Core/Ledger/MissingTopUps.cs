using System.Globalization;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Ledger;

public static class MissingTopUps
{
    /// <summary>The missing days of a month, up to yesterday: a top-up is due when its day is over (domain.md rule 2). In order of day and device.</summary>
    /// <param name="chargedFrom">The first day that top-ups are charged here; null where they are only imported.</param>
    public static async Task<IReadOnlyList<MissingTopUp>> OfMonthAsync(CreditUsageDb db, UsageMonth month, DateOnly? chargedFrom, DateTimeOffset now, CancellationToken cancellation)
    {
        // Where charging here began within a schedule, the days before stay as they were imported.
        var from = chargedFrom ?? month.Start;
        var yesterday = DateOnly.FromDateTime(now.UtcDateTime).AddDays(-1);
        var last = month.End.AddDays(-1);
        return await FindAsync(db, from > month.Start ? from : month.Start, last < yesterday ? last : yesterday, cancellation);
    }

    /// <summary>The missing days in a range, both ends included, all in memory. In a write transaction the answer holds until it ends.</summary>
    public static async Task<IReadOnlyList<MissingTopUp>> FindAsync(CreditUsageDb db, DateOnly first, DateOnly last, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var schedules = await SchedulesAsync(db, first, last, cancellation);
        if (schedules.Count == 0) return [];
        var recorded = await RecordedAsync(db, schedules, first, last, cancellation);
        return schedules.SelectMany(schedule => DaysOf(schedule, first, last).Select(day => new MissingTopUp(schedule, day)))
            .Where(missing => !recorded.Contains((missing.DeviceNumber, missing.Day)))
            .OrderBy(missing => missing.Day).ThenBy(missing => missing.Schedule.DeviceId, StringComparer.Ordinal).ToList();
    }

    /// <summary>How many days of schedules in a range have no top-up: also of some that are not stored yet.</summary>
    public static async Task<int> CountAsync(CreditUsageDb db, IReadOnlyList<TopUpSchedule> schedules, DateOnly first, DateOnly last, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var due = schedules.Where(schedule => schedule.FirstDay <= last && schedule.LastDay >= first).ToList();
        if (due.Count == 0) return 0;
        var recorded = (await RecordedAsync(db, due, first, last, cancellation)).ToLookup(one => one.Device, one => one.Day);
        return due.Sum(schedule => DaysOf(schedule, first, last).Count() - recorded[MissingTopUp.NumberOf(schedule)].Count(day => day >= schedule.FirstDay && day <= schedule.LastDay));
    }

    /// <summary>The schedules with a missing day in a range, counted by the database, so that a long range is cheap.</summary>
    public static async Task<IReadOnlyList<TopUpSchedule>> SchedulesAsync(CreditUsageDb db, DateOnly first, DateOnly last, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var counted = await db.TopUpSchedules.AsNoTracking().Where(schedule => schedule.FirstDay <= last && schedule.LastDay >= first)
            .Select(schedule => new
            {
                Schedule = schedule,
                Recorded = db.UsageEvents.Count(usage => usage.DeviceNumber == (long)(object)schedule.DeviceId && usage.DayTurn == 0
                    && usage.ServiceDate >= schedule.FirstDay && usage.ServiceDate <= schedule.LastDay && usage.ServiceDate >= first && usage.ServiceDate <= last),
            }).ToListAsync(cancellation);
        return counted.Where(row => row.Recorded < DaysOf(row.Schedule, first, last).Count()).Select(row => row.Schedule).ToList();
    }

    private static async Task<HashSet<(long Device, DateOnly Day)>> RecordedAsync(
        CreditUsageDb db, IReadOnlyList<TopUpSchedule> schedules, DateOnly first, DateOnly last, CancellationToken cancellation)
    {
        var devices = schedules.Select(schedule => (long?)MissingTopUp.NumberOf(schedule)).Distinct().ToList();
        var found = await db.UsageEvents.AsNoTracking()
            .Where(usage => devices.Contains(usage.DeviceNumber) && usage.ServiceDate >= first && usage.ServiceDate <= last)
            .Select(usage => new { usage.DeviceNumber, usage.ServiceDate }).ToListAsync(cancellation);
        return found.Select(usage => (usage.DeviceNumber!.Value, usage.ServiceDate)).ToHashSet();
    }

    private static IEnumerable<DateOnly> DaysOf(TopUpSchedule schedule, DateOnly first, DateOnly last)
    {
        if (schedule.LastDay < last) last = schedule.LastDay;
        for (var day = schedule.FirstDay < first ? first : schedule.FirstDay; day <= last; day = day.AddDays(1)) yield return day;
    }
}

public sealed record MissingTopUp(TopUpSchedule Schedule, DateOnly Day)
{
    public long DeviceNumber => NumberOf(Schedule);

    internal static long NumberOf(TopUpSchedule schedule) => long.Parse(schedule.DeviceId, CultureInfo.InvariantCulture);
}

using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Ledger;

/// <param name="Available">Credits in hand, by posting instant.</param>
/// <param name="Allocated">Credits promised to schedules and not charged yet (domain.md); days before charging here began do not count.</param>
/// <param name="OutsideSchedules">Whether the last week has top-ups without a running schedule: their end is unknown, and the forecast leaves them out.</param>
public sealed record CreditStatus(
    DateOnly StartsOn, ClosedMonths Closed, long Available, long Allocated, IReadOnlyList<(DateOnly First, DateOnly Last)> Running, bool OutsideSchedules, CreditForecast Forecast);

/// <summary>What a credit status begins with.</summary>
public sealed record CreditStart(DateOnly StartsOn, DateOnly? ChargesTopUpsFrom, ClosedMonths Closed);

/// <param name="TopUps">Without corrections.</param>
public sealed record DayUse(DateOnly Day, long SessionCredits, int TopUps);

/// <summary>Reads the credit status in four commands, however many months and schedules there are.</summary>
public sealed class CreditStatusQuery(CreditUsageDb db, CreditBalance balance)
{
    private const int DaysOfUse = 7;

    /// <summary>The first day whose use counts.</summary>
    public static DateOnly UseFrom(DateOnly today) => today.AddDays(-7 * SessionPace.MaxWeeks);

    public async Task<CreditStatus> RunAsync(DateTimeOffset now, CancellationToken cancellation) =>
        await RunAsync(await StartAsync(cancellation), await UseAsync(DateOnly.FromDateTime(now.UtcDateTime), cancellation), now, cancellation);

    public async Task<CreditStart> StartAsync(CancellationToken cancellation)
    {
        var found = await (from subscription in db.Subscriptions.AsNoTracking()
                           where subscription.Id == db.SubscriptionId
                           join one in db.MonthClosings on subscription.Id equals one.SubscriptionId into closings
                           from closing in closings.DefaultIfEmpty()
                           select new { subscription.StartsOn, subscription.ChargesTopUpsFrom, Closing = (MonthClosing?)closing }).ToListAsync(cancellation);
        return new(found[0].StartsOn, found[0].ChargesTopUpsFrom, ClosedMonths.Of(found.Select(row => row.Closing).OfType<MonthClosing>()));
    }

    /// <summary>For what has read the use itself.</summary>
    /// <param name="use">By service date, from <see cref="UseFrom"/> to today.</param>
    public async Task<CreditStatus> RunAsync(CreditStart start, IReadOnlyList<DayUse> use, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(use);
        var (today, closed) = (DateOnly.FromDateTime(now.UtcDateTime), start.Closed);
        var schedules = await SchedulesAsync(start.ChargesTopUpsFrom, start.ChargesTopUpsFrom ?? closed.Latest?.End ?? start.StartsOn, today, cancellation);
        var available = await balance.AvailableAsync(closed, now, cancellation);
        var running = schedules.Where(schedule => schedule.Last >= today).Select(schedule => (schedule.First, schedule.Last)).OrderBy(schedule => schedule.Last).ToList();
        // A missing top-up is owed where it is charged here; an imported one may never come.
        var owed = start.ChargesTopUpsFrom is null ? 0 : schedules.Sum(schedule => schedule.Missing) * CreditRule.CreditsPerTopUp;
        var pace = new SessionPace(today, start.StartsOn, use.Select(day => (day.Day, day.SessionCredits)));
        return new CreditStatus(
            start.StartsOn, closed, available, schedules.Sum(schedule => schedule.Promised), running,
            use.Any(day => day.Day >= today.AddDays(-DaysOfUse) && day.Day < today && day.TopUps > schedules.Count(schedule => schedule.First <= day.Day && schedule.Last >= day.Day)),
            CreditForecast.Of(available - owed, today, running, pace));
    }

    /// <summary>Schedules that run, will run, ran in the last week, or lack a day since <paramref name="since"/>.</summary>
    private async Task<List<ScheduleStanding>> SchedulesAsync(DateOnly? chargedFrom, DateOnly since, DateOnly today, CancellationToken cancellation)
    {
        var (from, yesterday, lastWeek) = (chargedFrom ?? DateOnly.MinValue, today.AddDays(-1), today.AddDays(-DaysOfUse));
        var earliest = since < lastWeek ? since : lastWeek;
        var found = await db.TopUpSchedules.AsNoTracking().Where(schedule => schedule.LastDay >= earliest).Select(schedule => new
        {
            schedule.FirstDay,
            schedule.LastDay,
            Charged = db.UsageEvents.Count(usage => usage.DeviceNumber == (long)(object)schedule.DeviceId && usage.DayTurn == 0
                && usage.ServiceDate >= schedule.FirstDay && usage.ServiceDate <= schedule.LastDay && usage.ServiceDate >= from),
            Recorded = db.UsageEvents.Count(usage => usage.DeviceNumber == (long)(object)schedule.DeviceId && usage.DayTurn == 0
                && usage.ServiceDate >= schedule.FirstDay && usage.ServiceDate <= schedule.LastDay && usage.ServiceDate >= since && usage.ServiceDate <= yesterday),
        }).ToListAsync(cancellation);
        return found.ConvertAll(row => new ScheduleStanding(
            row.FirstDay, row.LastDay,
            // What a schedule without a last day promises is counted to the end of this month.
            // A schedule that ended yesterday counts until yesterday's top-up is there; one that has not begun promises nothing yet.
            row.FirstDay <= today && row.LastDay >= yesterday ? Math.Max(0, Days(row.FirstDay, row.LastDay, from, row.LastDay == TopUpSchedule.NoLastDay ? UsageMonth.Of(today).End.AddDays(-1) : row.LastDay) - row.Charged) * CreditRule.CreditsPerTopUp : 0,
            Math.Max(0, Days(row.FirstDay, row.LastDay, since, yesterday) - row.Recorded)));
    }

    private async Task<IReadOnlyList<DayUse>> UseAsync(DateOnly today, CancellationToken cancellation)
    {
        var from = UseFrom(today);
        // No report shows an event before the event's own month: the covering index is read from that month on.
        var first = UsageMonth.Of(from);
        var found = await db.UsageEvents.AsNoTracking().Where(usage => usage.ReportMonth >= first && usage.ServiceDate >= from && usage.ServiceDate <= today)
            .GroupBy(usage => new { usage.ReportMonth, usage.ServiceDate }).Select(day => new
            {
                day.Key.ServiceDate,
                SessionCredits = day.Sum(usage => usage.Kind == UsageKind.ConnectedSession ? (long)usage.Credits : 0),
                // What was reversed does not count, and what was recorded in its place does.
                TopUps = day.Sum(usage => usage.Kind != UsageKind.DailyTopUp ? 0 : usage.Correction == null ? 1 : usage.Correction == CorrectionKind.Reversal ? -1 : 0),
            }).ToListAsync(cancellation);
        return found.ConvertAll(day => new DayUse(day.ServiceDate, day.SessionCredits, day.TopUps));
    }

    private static int Days(DateOnly first, DateOnly last, DateOnly since, DateOnly until) =>
        Math.Max(0, Math.Min(last.DayNumber, until.DayNumber) - Math.Max(first.DayNumber, since.DayNumber) + 1);

    private sealed record ScheduleStanding(DateOnly First, DateOnly Last, long Promised, int Missing);
}

using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Ledger;

/// <summary>Where the credits stand at a moment, and when they run out.</summary>
/// <param name="StartsOn">The subscription's first day.</param>
/// <param name="Available">Credits in hand, by posting instant.</param>
/// <param name="Allocated">Credits promised to schedules and not charged yet (domain.md): what came before charging here began is left as it came in.</param>
/// <param name="MissingTopUps">Days of schedules that are over, not closed and have no top-up.</param>
/// <param name="Running">Schedules that run today or later, expiring soonest first.</param>
/// <param name="OutsideSchedules">Whether top-ups of the last week came in that no running schedule asks for: no one knows how long they go on, and the forecast leaves them out.</param>
public sealed record CreditStatus(
    DateOnly StartsOn, ClosedMonths Closed, long Available, long Allocated, int MissingTopUps, IReadOnlyList<(DateOnly First, DateOnly Last)> Running, bool OutsideSchedules, CreditForecast Forecast);

/// <summary>Reads where the credits stand, in five commands however many months and schedules there are.</summary>
public sealed class CreditStatusQuery(CreditUsageDb db, CreditBalance balance)
{
    /// <summary>Whose top-ups are held against the schedules.</summary>
    private const int DaysOfUse = 7;

    /// <summary>Within a snapshot all of it is of the same instant.</summary>
    /// <param name="now">Decides which day today is, by UTC.</param>
    public async Task<CreditStatus> RunAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var subscription = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId)
            .Select(subscription => new { subscription.StartsOn, subscription.ChargesTopUpsFrom }).SingleAsync(cancellation);
        var closed = await db.ClosedMonthsAsync(cancellation);
        var schedules = await SchedulesAsync(subscription.ChargesTopUpsFrom, subscription.ChargesTopUpsFrom ?? closed.Latest?.End ?? subscription.StartsOn, today, cancellation);
        var use = await UseAsync(today, cancellation);
        var available = await balance.AvailableAsync(closed, now, cancellation);
        var missing = schedules.Sum(schedule => schedule.Missing);
        var running = schedules.Where(schedule => schedule.Last >= today).Select(schedule => (schedule.First, schedule.Last)).OrderBy(schedule => schedule.Last).ToList();
        // What is charged here is owed; what only comes in may never come.
        var owed = subscription.ChargesTopUpsFrom is null ? 0 : missing * CreditRule.CreditsPerTopUp;
        var pace = new SessionPace(today, subscription.StartsOn, use.Select(day => (day.Day, day.SessionCredits)));
        return new CreditStatus(
            subscription.StartsOn, closed, available, schedules.Sum(schedule => schedule.Promised), missing, running,
            use.Any(day => day.Day >= today.AddDays(-DaysOfUse) && day.Day < today && day.TopUps > schedules.Count(schedule => schedule.First <= day.Day && schedule.Last >= day.Day)),
            CreditForecast.Of(available - owed, today, running, pace));
    }

    /// <summary>Those that run, will run, ran in the last week, or lack a day since one.</summary>
    /// <param name="chargedFrom">The first day that is charged here; null where top-ups only come in.</param>
    /// <param name="since">The first day that one can be missing of.</param>
    private async Task<List<ScheduleStanding>> SchedulesAsync(DateOnly? chargedFrom, DateOnly since, DateOnly today, CancellationToken cancellation)
    {
        var (from, yesterday, lastWeek) = (chargedFrom ?? DateOnly.MinValue, today.AddDays(-1), today.AddDays(-DaysOfUse));
        var earliest = since < lastWeek ? since : lastWeek;
        var found = await db.TopUpSchedules.AsNoTracking().Where(schedule => schedule.LastDay >= earliest).Select(schedule => new
        {
            schedule.FirstDay,
            schedule.LastDay,
            Charged = db.UsageEvents.Count(usage => usage.DeviceNumber == (long)(object)schedule.DeviceId
                && usage.ServiceDate >= schedule.FirstDay && usage.ServiceDate <= schedule.LastDay && usage.ServiceDate >= from),
            Recorded = db.UsageEvents.Count(usage => usage.DeviceNumber == (long)(object)schedule.DeviceId
                && usage.ServiceDate >= schedule.FirstDay && usage.ServiceDate <= schedule.LastDay && usage.ServiceDate >= since && usage.ServiceDate <= yesterday),
        }).ToListAsync(cancellation);
        return found.ConvertAll(row => new ScheduleStanding(
            row.FirstDay, row.LastDay,
            // One that ended yesterday counts until yesterday's top-up is there; one that has not begun promises nothing yet.
            row.FirstDay <= today && row.LastDay >= yesterday ? Math.Max(0, Days(row.FirstDay, row.LastDay, from, row.LastDay) - row.Charged) * CreditRule.CreditsPerTopUp : 0,
            Math.Max(0, Days(row.FirstDay, row.LastDay, since, yesterday) - row.Recorded)));
    }

    /// <summary>Credits of sessions and number of top-ups by service date, of the weeks that make the average and today.</summary>
    private async Task<List<(DateOnly Day, long SessionCredits, int TopUps)>> UseAsync(DateOnly today, CancellationToken cancellation)
    {
        var from = today.AddDays(-7 * SessionPace.MaxWeeks);
        // No event is in the report of a month before its own: the covering index is read from that month on.
        var first = UsageMonth.Of(from);
        var found = await db.UsageEvents.AsNoTracking().Where(usage => usage.ReportMonth >= first && usage.ServiceDate >= from && usage.ServiceDate <= today)
            .GroupBy(usage => new { usage.ReportMonth, usage.ServiceDate }).Select(day => new
            {
                day.Key.ServiceDate,
                SessionCredits = day.Sum(usage => usage.Kind == UsageKind.ConnectedSession ? (long)usage.Credits : 0),
                TopUps = day.Count(usage => usage.Kind == UsageKind.DailyTopUp && usage.Correction == null),
            }).ToListAsync(cancellation);
        return found.ConvertAll(day => (day.ServiceDate, day.SessionCredits, day.TopUps));
    }

    private static int Days(DateOnly first, DateOnly last, DateOnly since, DateOnly until) =>
        Math.Max(0, Math.Min(last.DayNumber, until.DayNumber) - Math.Max(first.DayNumber, since.DayNumber) + 1);

    private sealed record ScheduleStanding(DateOnly First, DateOnly Last, long Promised, int Missing);
}

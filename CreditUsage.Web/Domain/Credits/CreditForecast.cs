namespace CreditUsage.Domain.Credits;

/// <summary>When the credits in hand run out: day by day, what running schedules are charged and what that weekday's sessions cost on average.</summary>
/// <param name="Today">The day it begins with.</param>
/// <param name="RunsOutOn">The first day whose use the credits do not cover; null where there is none within <see cref="Years"/>.</param>
public sealed record CreditForecast(DateOnly Today, DateOnly? RunsOutOn)
{
    /// <summary>How far it looks.</summary>
    public const int Years = 2;

    /// <summary>Days from an order to the credits it brings.</summary>
    public const int LeadDays = 7;

    /// <summary>0 where they run out today.</summary>
    public int? DaysLeft => RunsOutOn?.DayNumber - Today.DayNumber;

    /// <summary>The last day on which an order comes in time; it may have gone by.</summary>
    public DateOnly? OrderBy => RunsOutOn?.AddDays(-LeadDays);

    /// <param name="credits">In hand, less what is owed for days that are over. Today's top-ups have not been taken off: they fall at its end.</param>
    /// <param name="today">By UTC.</param>
    /// <param name="schedules">First and last day of each that has not ended.</param>
    /// <param name="pace">What sessions cost by weekday.</param>
    public static CreditForecast Of(long credits, DateOnly today, IEnumerable<(DateOnly First, DateOnly Last)> schedules, SessionPace pace)
    {
        ArgumentNullException.ThrowIfNull(schedules);
        ArgumentNullException.ThrowIfNull(pace);
        if (credits < 0) return new(today, today);
        var topUps = TopUpsByDay(today, schedules);
        // In fractions of a credit, as many as there are weeks in the average: no day is rounded.
        var left = checked(credits * pace.Weeks);
        for (var day = 0; day < topUps.Length; day++)
        {
            left -= (topUps[day] * CreditRule.CreditsPerTopUp * pace.Weeks) + pace.StillToCome(today.AddDays(day), isToday: day == 0);
            if (left < 0) return new(today, today.AddDays(day));
        }
        return new(today, null);
    }

    /// <summary>How many schedules run on each day from today on.</summary>
    private static long[] TopUpsByDay(DateOnly today, IEnumerable<(DateOnly First, DateOnly Last)> schedules)
    {
        var days = new long[today.AddYears(Years).DayNumber - today.DayNumber];
        foreach (var (first, last) in schedules)
        {
            var (from, to) = (Math.Max(0, first.DayNumber - today.DayNumber), Math.Min(days.Length - 1, last.DayNumber - today.DayNumber));
            for (var day = from; day <= to; day++) days[day]++;
        }
        return days;
    }
}

/// <summary>What connected sessions cost on each weekday, as a fraction: credits of some whole weeks, and how many weeks.</summary>
public sealed class SessionPace
{
    /// <summary>The weeks before today that count: a quarter of a year.</summary>
    public const int MaxWeeks = 13;

    private readonly long[] _byWeekday = new long[7];
    private readonly long _today;

    /// <param name="today">The day after the last of the weeks.</param>
    /// <param name="since">Weeks before it are no part of the average; a subscription's first day.</param>
    /// <param name="credits">Credits of sessions by service date; days outside the weeks but today itself are left out.</param>
    public SessionPace(DateOnly today, DateOnly since, IEnumerable<(DateOnly Day, long Credits)> credits)
    {
        ArgumentNullException.ThrowIfNull(credits);
        var weeks = Math.Clamp((today.DayNumber - since.DayNumber) / 7, 0, MaxWeeks);
        var from = today.AddDays(-7 * weeks);
        foreach (var (day, spent) in credits)
        {
            if (day == today) _today += spent;
            else if (day >= from && day < today) _byWeekday[(int)day.DayOfWeek] += spent;
        }
        Weeks = Math.Max(1, weeks);
    }

    /// <summary>What a figure is to be divided by; at least 1.</summary>
    public int Weeks { get; }

    /// <summary>What a day's sessions are still going to cost, times <see cref="Weeks"/>. Of today that is what is left of the average.</summary>
    internal long StillToCome(DateOnly day, bool isToday) => Math.Max(0, _byWeekday[(int)day.DayOfWeek] - (isToday ? _today * Weeks : 0));
}

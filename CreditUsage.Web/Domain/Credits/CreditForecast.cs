namespace CreditUsage.Domain.Credits;

/// <summary>When the credits in hand run out, from running schedules and the average sessions of each weekday.</summary>
/// <param name="RunsOutOn">The first day that the credits do not cover; null where they last <see cref="Years"/>.</param>
public sealed record CreditForecast(DateOnly Today, DateOnly? RunsOutOn)
{
    public const int Years = 2;

    /// <summary>Days from an order until its credits arrive.</summary>
    public const int LeadDays = 7;

    public int? DaysLeft => RunsOutOn?.DayNumber - Today.DayNumber;

    /// <summary>Whole credits left at the end of each day from today to the day before they run out, or for <see cref="Years"/>.</summary>
    public IReadOnlyList<long> LeftByDay { get; private init; } = [];

    /// <summary>The last day on which an order comes in time; it may have passed.</summary>
    public DateOnly? OrderBy => RunsOutOn?.AddDays(-LeadDays);

    /// <param name="credits">In hand, less what is owed for past days. Today's top-ups are still in it: they fall at the end of the day.</param>
    public static CreditForecast Of(long credits, DateOnly today, IEnumerable<(DateOnly First, DateOnly Last)> schedules, SessionPace pace)
    {
        ArgumentNullException.ThrowIfNull(schedules);
        ArgumentNullException.ThrowIfNull(pace);
        if (credits < 0) return new(today, today);
        var topUps = TopUpsByDay(today, schedules);
        // Counted in fractions of a credit, so that no day is rounded.
        var left = checked(credits * pace.Weeks);
        var byDay = new List<long>();
        for (var day = 0; day < topUps.Length; day++)
        {
            left -= (topUps[day] * CreditRule.CreditsPerTopUp * pace.Weeks) + pace.StillToCome(today.AddDays(day), isToday: day == 0);
            if (left < 0) return new(today, today.AddDays(day)) { LeftByDay = byDay };
            byDay.Add(left / pace.Weeks);
        }
        return new(today, null) { LeftByDay = byDay };
    }

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

/// <summary>The average session credits of each weekday, as a fraction: the credits of some whole weeks, and how many weeks.</summary>
public sealed class SessionPace
{
    public const int MaxWeeks = 13;

    private readonly long[] _byWeekday = new long[7];
    private readonly long _today;

    /// <param name="today">The day after the last of the weeks.</param>
    /// <param name="since">Weeks before it do not count; the subscription's first day.</param>
    /// <param name="credits">By service date; days outside the weeks are ignored, except today.</param>
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

    public int Weeks { get; }

    /// <summary>The session credits still expected on a day, times <see cref="Weeks"/>; for today, what is left of the average.</summary>
    internal long StillToCome(DateOnly day, bool isToday) => Math.Max(0, _byWeekday[(int)day.DayOfWeek] - (isToday ? _today * Weeks : 0));
}

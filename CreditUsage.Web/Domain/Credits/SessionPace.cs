namespace CreditUsage.Domain.Credits;

/// <summary>What connected sessions cost on each weekday, as a fraction: credits of some whole weeks, and how many weeks.</summary>
public sealed class SessionPace
{
    /// <summary>The weeks before today that count: a quarter of a year.</summary>
    public const int MostWeeks = 13;

    private readonly long[] _byWeekday = new long[7];
    private readonly long _today;

    /// <param name="today">The day after the last of the weeks.</param>
    /// <param name="since">Weeks before it are no part of the average; a subscription's first day.</param>
    /// <param name="credits">Credits of sessions by service date; days outside the weeks but today itself are left out.</param>
    public SessionPace(DateOnly today, DateOnly since, IEnumerable<(DateOnly Day, long Credits)> credits)
    {
        ArgumentNullException.ThrowIfNull(credits);
        var weeks = Math.Clamp((today.DayNumber - since.DayNumber) / 7, 0, MostWeeks);
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

using System.Numerics;
using CreditUsage.Domain.Credits;
using CsCheck;

namespace CreditUsage.Tests.Domain.Credits;

/// <summary>Today is Sunday 22/11/2026.</summary>
public sealed class CreditForecastTests
{
    private static readonly DateOnly Today = new(2026, 11, 22);
    private static readonly DateOnly LongAgo = new(2020, 1, 1);

    [Fact]
    public void Schedules_run_to_their_last_days_and_sessions_cost_what_they_do_on_that_weekday()
    {
        // 26 credits on Mondays in 13 weeks: 2 each Monday. The schedule: 9 days, to the 30th. 16 - 9 - 2 - 2 = 3 after Monday the 30th, 1 after the 7th.
        var forecast = CreditForecast.Of(16, Today, [(new DateOnly(2026, 11, 20), new DateOnly(2026, 11, 30))], Pace((Today.AddDays(-6), 26)));
        Assert.Equal((new DateOnly(2026, 12, 14), new DateOnly(2026, 12, 7), 22), (forecast.RunsOutOn, forecast.OrderBy, forecast.DaysLeft));
    }

    [Fact]
    public void What_is_just_covered_does_not_run_out()
    {
        var schedule = (Today, Today.AddDays(9));
        Assert.Null(CreditForecast.Of(10, Today, [schedule], Pace()).RunsOutOn);
        Assert.Equal(Today.AddDays(9), CreditForecast.Of(9, Today, [schedule], Pace()).RunsOutOn);
        Assert.Equal(Today, CreditForecast.Of(0, Today, [schedule], Pace()).RunsOutOn);
        Assert.Equal(Today, CreditForecast.Of(-1, Today, [], Pace()).RunsOutOn);
        Assert.Null(CreditForecast.Of(0, Today, [], Pace()).RunsOutOn);
    }

    [Fact]
    public void Nobody_looks_further_than_two_years()
    {
        // The 730 days from today to 21/11/2028, which has a 29 February.
        var days = new DateOnly(2028, 11, 22).DayNumber - Today.DayNumber;
        Assert.Equal(731, days);
        Assert.Equal(new DateOnly(2028, 11, 21), CreditForecast.Of(days - 1, Today, [(Today, DateOnly.MaxValue)], Pace()).RunsOutOn);
        Assert.Null(CreditForecast.Of(days, Today, [(Today, DateOnly.MaxValue)], Pace()).RunsOutOn);
    }

    [Fact]
    public void Fractions_of_a_credit_add_up_before_they_count()
    {
        // One credit in 13 weeks of Mondays: after 13 Mondays one credit is used, and the 14th needs more than there is.
        Assert.Equal(new DateOnly(2026, 11, 23).AddDays(7 * 13), CreditForecast.Of(1, Today, [], Pace((Today.AddDays(-6), 1))).RunsOutOn);
    }

    [Fact]
    public void Of_today_only_what_is_left_of_its_average_is_still_to_come()
    {
        (DateOnly, long) sundays = (Today.AddDays(-7), 13 * 10);
        Assert.Equal(Today, CreditForecast.Of(9, Today, [], Pace(sundays)).RunsOutOn);
        Assert.Equal(Today.AddDays(7), CreditForecast.Of(9, Today, [], Pace(sundays, (Today, 4))).RunsOutOn);
        Assert.Equal(Today.AddDays(7), CreditForecast.Of(9, Today, [], Pace(sundays, (Today, 40))).RunsOutOn);
    }

    [Fact]
    public void A_young_subscription_is_averaged_over_the_whole_weeks_that_it_has()
    {
        // 15 days: two whole weeks, and 10 credits on a Monday of them are 5 a Monday. The Monday before them does not count.
        var pace = new SessionPace(Today, Today.AddDays(-15), [(Today.AddDays(-6), 10), (Today.AddDays(-20), 1000), (Today.AddDays(-15), 1000)]);
        Assert.Equal(2, pace.Weeks);
        Assert.Equal(new DateOnly(2026, 11, 30), CreditForecast.Of(9, Today, [], pace).RunsOutOn);
        Assert.Equal(1, new SessionPace(Today, Today.AddDays(-6), [(Today.AddDays(-1), 10)]).Weeks);
        Assert.Null(CreditForecast.Of(0, Today, [], new SessionPace(Today, Today.AddDays(-6), [(Today.AddDays(-1), 10)])).RunsOutOn);
    }

    [Fact]
    public void It_is_what_exact_fractions_say() => Gen.Select(
        Gen.Long[0, 20_000], Gen.Select(Gen.Int[-30, 800], Gen.Int[0, 900]).Array[0, 12], Gen.Select(Gen.Int[0, 120], Gen.Long[0, 60]).Array[0, 60], Gen.Int[0, 120]).Sample((credits, spans, used, age) =>
    {
        var schedules = spans.Select(span => (First: Today.AddDays(span.Item1), Last: Today.AddDays(span.Item1 + span.Item2))).ToList();
        var sessions = used.Select(day => (Day: Today.AddDays(-day.Item1), Credits: day.Item2)).ToList();
        var forecast = CreditForecast.Of(credits, Today, schedules, new SessionPace(Today, Today.AddDays(-age), sessions));

        var weeks = Math.Min(13, age / 7);
        DateOnly? expected = null;
        for (var day = Today; expected is null && day < Today.AddYears(2); day = day.AddDays(1))
            if (Used(day) > new BigInteger(credits) * Math.Max(1, weeks)) expected = day;
        return forecast.RunsOutOn == expected;

        // All that is used from today to a day, times the weeks, counted anew for each day.
        BigInteger Used(DateOnly until)
        {
            var topUps = schedules.Sum(schedule => Math.Max(0L, Math.Min(schedule.Last.DayNumber, until.DayNumber) - Math.Max(schedule.First.DayNumber, Today.DayNumber) + 1));
            var perWeekday = Enumerable.Range(0, 7).Select(weekday => sessions.Where(session => (int)session.Day.DayOfWeek == weekday && session.Day < Today && session.Day >= Today.AddDays(-7 * weeks)).Sum(session => session.Credits)).ToArray();
            var later = Enumerable.Range(1, until.DayNumber - Today.DayNumber).Sum(ahead => perWeekday[(int)Today.AddDays(ahead).DayOfWeek]);
            var today = Math.Max(0, perWeekday[(int)Today.DayOfWeek] - (sessions.Where(session => session.Day == Today).Sum(session => session.Credits) * Math.Max(1, weeks)));
            return (new BigInteger(topUps) * Math.Max(1, weeks)) + later + today;
        }
    }, iter: 200);

    private static SessionPace Pace(params (DateOnly, long)[] credits) => new(Today, LongAgo, credits);
}

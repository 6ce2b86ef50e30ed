using System.Globalization;
using CreditUsage.Core.Closing;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Core.Closing;

/// <summary>A month that lacks what the months before it had is to be looked at before it is closed. The clock stands at 22 November 2026.</summary>
public sealed class UsageGapsTests(Site site) : IClassFixture<Site>
{
    private const string Card = "1000000001";
    private static readonly UsageMonth August = new(2026, 8);
    private static readonly UsageMonth September = new(2026, 9);
    private static readonly UsageMonth October = new(2026, 10);

    [Fact]
    public async Task A_month_that_goes_on_as_those_before_it_is_done()
    {
        var clinic = await ClinicAsync([.. Sessions(August), .. Sessions(September), .. Sessions(October), .. TopUps(August), .. TopUps(September), .. TopUps(October)]);
        var item = await UsageAsync(clinic, October);
        Assert.Equal((CheckOutcome.Met, "All top-ups charged."), (item.Outcome, item.Finding));
    }

    [Fact]
    public async Task An_empty_month_after_busy_ones_is_recommended_to_look_at_and_one_after_empty_ones_is_not()
    {
        var clinic = await ClinicAsync([.. Sessions(August), .. Sessions(September)]);
        var item = await UsageAsync(clinic, October);
        Assert.Equal((CheckOutcome.Advised, "October 2026 has no usage at all, but earlier months had 61 events."), (item.Outcome, item.Finding));
        Assert.Equal(CheckOutcome.Met, (await UsageAsync(await ClinicAsync([]), October)).Outcome);
    }

    [Fact]
    public async Task A_day_without_sessions_is_named_where_its_day_of_the_week_had_some()
    {
        // Closed on Sundays; nothing came in for Wednesday the 14th, and Sunday the 11th is as ever.
        var clinic = await ClinicAsync([.. Sessions(August, Open), .. Sessions(September, Open), .. Sessions(October, day => Open(day) && day.Day != 14)]);
        var item = await UsageAsync(clinic, October);
        Assert.Equal((CheckOutcome.Advised, "1 day has no session, though earlier weeks had some on that day: 14/10/2026."), (item.Outcome, item.Finding));

        static bool Open(DateOnly day) => day.DayOfWeek != DayOfWeek.Sunday;
    }

    [Fact]
    public async Task A_device_that_stopped_is_named_unless_its_schedule_ended()
    {
        string[] rows =
        [
            .. TopUps(September), .. TopUps(October), .. TopUps(September, "1000000002"), .. TopUps(October, "1000000002", until: 9), .. TopUps(September, "1000000003"), .. TopUps(September, "1000000004"),
            .. TopUps(October, "1000000004", until: 20),
        ];
        var clinic = await ClinicAsync(rows);
        await site.InAsync(clinic, services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            db.Add(CardSchedule.Of(clinic, "1000000004", new(2026, 9, 1), new(2026, 10, 20)));
            return db.SaveChangesAsync();
        });
        var item = await UsageAsync(clinic, October);
        Assert.Equal((CheckOutcome.Advised, "2 devices stopped that ran in September 2026: 1000000002 after 09/10/2026, 1000000003 after 30/09/2026."), (item.Outcome, item.Finding));
    }

    [Fact]
    public async Task A_month_without_top_ups_after_months_with_some_is_recommended_to_look_at()
    {
        var clinic = await ClinicAsync([.. Sessions(September), .. Sessions(October), CsvRow.TopUp("T1", "2026-09-30")]);
        var item = await UsageAsync(clinic, October);
        Assert.Equal((CheckOutcome.Advised, "October 2026 has no daily top-up, but earlier months had 1."), (item.Outcome, item.Finding));
    }

    [Theory]
    [InlineData(7, CheckOutcome.Advised)]
    [InlineData(6, CheckOutcome.Met)]
    public async Task Three_months_are_looked_back_and_no_more(int earlier, CheckOutcome outcome) =>
        Assert.Equal(outcome, (await UsageAsync(await ClinicAsync([.. Sessions(new(2026, earlier))]), October)).Outcome);

    [Theory]
    [InlineData(3, "5 days have no session, though earlier weeks had some on that day: 01/10/2026, 08/10/2026, 15/10/2026, 22/10/2026, 29/10/2026.")]
    [InlineData(4, "No top-ups were due.")]
    public async Task Four_weeks_say_what_a_day_of_the_week_has_and_three_do_not(int first, string finding)
    {
        // September 2026 has Thursdays on the 3rd, 10th, 17th and 24th.
        var clinic = await ClinicAsync([.. Sessions(September, day => day.Day >= first && day.DayOfWeek == DayOfWeek.Thursday), .. Sessions(October, day => day.DayOfWeek == DayOfWeek.Monday)]);
        Assert.Equal(finding, (await UsageAsync(clinic, October)).Finding);
    }

    [Theory]
    [InlineData(3, "5 days have no session, though earlier weeks had some on that day: 01/10/2026, 08/10/2026, 15/10/2026, 22/10/2026, 29/10/2026.")]
    [InlineData(2, "No top-ups were due.")]
    public async Task Three_of_four_weeks_make_a_day_of_the_week_a_busy_one(int busy, string finding)
    {
        var thursdays = new[] { 3, 24, 10, 17 }.Take(busy).ToList();
        var clinic = await ClinicAsync([.. Sessions(September, day => thursdays.Contains(day.Day)), .. Sessions(October, day => day.DayOfWeek == DayOfWeek.Monday)]);
        Assert.Equal(finding, (await UsageAsync(clinic, October)).Finding);
    }

    [Theory]
    [InlineData(21, "1 device stopped that ran in February 2026: 1000000001 after 21/02/2026.")]
    [InlineData(20, "All top-ups charged.")]
    public async Task A_device_runs_that_had_three_of_four_days_of_the_month_before(int days, string finding)
    {
        var (february, march) = (new UsageMonth(2026, 2), new UsageMonth(2026, 3));
        var clinic = await ClinicAsync([.. TopUps(february, until: days), .. TopUps(march, "1000000002")]);
        Assert.Equal(finding, (await UsageAsync(clinic, march)).Finding);
    }

    [Fact]
    public async Task A_device_that_runs_to_the_last_day_has_not_stopped_and_one_that_ends_the_day_before_has()
    {
        var clinic = await ClinicAsync([.. TopUps(September), .. TopUps(October), .. TopUps(September, "1000000002"), .. TopUps(October, "1000000002", until: 30)]);
        Assert.Equal("1 device stopped that ran in September 2026: 1000000002 after 30/10/2026.", (await UsageAsync(clinic, October)).Finding);
    }

    [Fact]
    public async Task The_page_says_that_it_is_recommended_and_it_can_be_closed_with_a_reason_only()
    {
        await using var clinic = await ClosingClinic.OpenAsync();
        await clinic.ImportAsync([.. Sessions(August), .. Sessions(September, day => day.Day != 30)]);
        await clinic.CloseAsync(August);
        using var visitor = await Visitor.SignedInAsync(clinic.Site, ClosingClinic.Finance);
        var missing = (await visitor.PageAsync("/months/2026-09")).QuerySelectorAll(".checklist li").Single(item => item.TextContent.Contains("Usage complete", StringComparison.Ordinal));
        Assert.Equal(("Advised", "Recommended"), (missing.GetAttribute("data-outcome"), missing.QuerySelector(".outcome")!.TextContent));
        Assert.Contains("September 2026 has no daily top-up, but earlier months had 1.", missing.TextContent, StringComparison.Ordinal);
    }

    private async Task<int> ClinicAsync(string[] rows)
    {
        var clinic = await site.SubscriptionAsync("Gaps", new(2026, 1, 1));
        if (rows.Length > 0) Assert.Empty((await site.ImportRowsAsync(clinic, rows)).Errors);
        return clinic;
    }

    private async Task<CheckItem> UsageAsync(int clinic, UsageMonth month) =>
        (await site.InAsync(clinic, services => services.GetRequiredService<MonthChecklist>().OfAsync(month, CancellationToken.None))).Single(item => item.Title == "Usage complete");

    private static IEnumerable<string> Sessions(UsageMonth month, Func<DateOnly, bool>? open = null) =>
        Days(month).Where(open ?? (_ => true)).Select(day => CsvRow.Session($"S{day:yyyyMMdd}", string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd}T09:30:00Z")));

    private static IEnumerable<string> TopUps(UsageMonth month, string device = Card, int until = 31) =>
        Days(month).Where(day => day.Day <= until).Select(day => CsvRow.TopUp($"T{device}-{day:yyyyMMdd}", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), device));

    private static IEnumerable<DateOnly> Days(UsageMonth month) => Enumerable.Range(0, month.End.DayNumber - month.Start.DayNumber).Select(month.Start.AddDays);
}

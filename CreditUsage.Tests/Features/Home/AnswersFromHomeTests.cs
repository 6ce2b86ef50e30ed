using System.Globalization;
using AngleSharp.Dom;
using CreditUsage.Data;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static CreditUsage.Tests.Features.Home.DemoAnswers;

namespace CreditUsage.Tests.Features.Home;

/// <summary>
/// What the Finance Administrator is asked, answered on the demo data by following links from the home page alone. Each answer is held to sums of the demo's raw events.
/// </summary>
public sealed class AnswersFromHomeTests(DemoSite demo) : IClassFixture<DemoSite>
{
    [Fact]
    public async Task Which_staff_member_cost_most_in_October()
    {
        var expected = StaffByCost();
        using var finance = await demo.FinanceAsync();
        var page = await FollowAsync(finance, "All staff members");
        var shown = page.QuerySelectorAll("#usage-table [data-subtotal]").Select(group => (group.QuerySelector("th")!.TextContent.Trim(), PenceOf(group, "data-cost-pence"))).ToList();
        Assert.Equal(expected[0], shown[0]);
        Assert.Equal(expected, shown);
    }

    [Fact]
    public async Task How_much_of_the_rise_over_last_October_was_price()
    {
        var (before, now, price) = OctoberAgainstLastOctober();
        using var finance = await demo.FinanceAsync();
        var page = await FollowAsync(finance, "[data-year-before]");
        var total = page.QuerySelector("tr[data-compared=total]")!;
        Assert.Equal((now - before, price, now - before - price), (PenceOf(total, "data-cost-pence"), PenceOf(total, "data-price-pence"), PenceOf(total, "data-use-pence")));
        Assert.Equal(
            $"October 2026 cost {Pounds(now)}, {Pounds(now - before)} more than October 2025: +{Pounds(price)} due to price and +{Pounds(now - before - price)} due to usage.",
            page.QuerySelector(".result-sentence")!.TextContent.Trim());
    }

    [Fact]
    public async Task Which_devices_waste_money()
    {
        var expected = IdleDevices();
        using var finance = await demo.FinanceAsync();
        var page = await FollowAsync(finance, "[href^='/usage-report/money-found']");
        var shown = page.QuerySelectorAll("table[data-list=idle] tr[data-finding]").Select(row => (row.GetAttribute("data-finding")!, PenceOf(row, "data-pence"))).ToList();
        Assert.Equal(expected.Order(), shown.Order());
        Assert.Contains(shown, row => page.QuerySelector($"tr[data-finding='{row.Item1}']")!.TextContent.Contains("It has no client.", StringComparison.Ordinal));
        Assert.Contains(shown, row => page.QuerySelector($"tr[data-finding='{row.Item1}']")!.TextContent.Contains("The last connected session of its client", StringComparison.Ordinal));
        Assert.Equal(expected.Sum(device => device.Item2), PenceOf(page.QuerySelector("table[data-list=idle] tfoot tr")!, "data-total-pence"));
    }

    [Fact]
    public async Task When_credits_run_out_and_until_when_to_order()
    {
        var inHand = await BoughtAsync() - All.Value.Sum(DemoAnswers.Credits);
        var day = RunsOutOn(inHand);
        Assert.InRange(day.DayNumber - DemoSite.Today.DayNumber, 45, 100);

        using var finance = await demo.FinanceAsync();
        var page = await finance.PageAsync("/dashboard");
        var said = page.QuerySelector("[data-forecast]")!;
        Assert.Equal(inHand.ToString(CultureInfo.InvariantCulture), page.QuerySelector("[data-available]")!.GetAttribute("data-available"));
        Assert.Equal((Iso(day), Iso(day.AddDays(-7))), (said.GetAttribute("data-runs-out"), said.GetAttribute("data-order-by")));
        Assert.Equal($"Run out on {day:dd/MM/yyyy}. Order by {day.AddDays(-7):dd/MM/yyyy}.", said.TextContent);
        var running = DemoSite.Made.Schedules.Count(schedule => schedule.LastDay >= DemoSite.Today);
        Assert.Equal($"Counted day by day: {running} schedules to their last days, and connected sessions as on the same weekday on average over the last 13 weeks. An order takes 7 days.", page.QuerySelector("[data-basis]")!.TextContent.Trim());
        Assert.Equal(["open"], page.QuerySelectorAll("[data-attention]").Select(item => item.GetAttribute("data-attention")).Where(kind => kind != "expiring"));
    }

    [Fact]
    public async Task The_month_before_is_a_link_away_too()
    {
        using var finance = await demo.FinanceAsync();
        Assert.Equal("October 2026 compared with September 2026 - CreditUsage", (await FollowAsync(finance, "[data-before]")).QuerySelector("title")!.TextContent);
    }

    [Fact]
    public async Task What_is_to_be_read_at_a_glance_is_at_most_120_words()
    {
        using var finance = await demo.FinanceAsync();
        var main = (await finance.PageAsync("/dashboard")).QuerySelector("main")!;
        // Neither what is folded, nor what a pointer brings up, nor what is there for narrow windows alone.
        foreach (var hidden in main.QuerySelectorAll("details > :not(summary), .visually-hidden, desc, .chart-value, .chart-narrow")) hidden.Remove();
        var words = main.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(word => word.Any(char.IsLetter)).ToList();
        Assert.True(words.Count is > 40 and <= 120, $"{words.Count}: {string.Join(' ', words)}");
    }

    private static async Task<IDocument> FollowAsync(Visitor visitor, string link)
    {
        var home = await visitor.PageAsync("/dashboard");
        var found = link.StartsWith('[') ? home.QuerySelectorAll($"a{link}") : home.QuerySelectorAll("main a").Where(found => found.TextContent == link);
        return await visitor.PageAsync(Assert.Single(found).GetAttribute("href")!);
    }

    private Task<long> BoughtAsync() => demo.Site.InAsync(demo.Riverside, services => services.GetRequiredService<CreditUsageDb>().LedgerEntries.SumAsync(entry => (long)entry.Credits));

    private static long PenceOf(IElement row, string attribute) => long.Parse(row.GetAttribute(attribute)!, CultureInfo.InvariantCulture);

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

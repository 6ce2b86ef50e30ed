using CreditUsage.Data;
using CreditUsage.Domain.Alerts;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Deliveries;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Schedules;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Home;

/// <summary>The home page. The clock stands at 22/11/2026 12:00 GMT.</summary>
public sealed class HomePageTests : IAsyncLifetime
{
    private const string Finance = "finance@balance.example";
    private readonly Site _site = new();
    private int _clinic;

    public async Task InitializeAsync()
    {
        _site.UseKestrel(0);
        _site.StartServer();
        _clinic = await _site.SubscriptionAsync("Clinic", new DateOnly(2026, 9, 1));
        await _site.UserAsync(_clinic, Finance, Roles.FinanceAdministrator);
    }

    public Task DisposeAsync() => _site.DisposeAsync().AsTask();

    [Fact]
    public async Task It_shows_what_is_in_hand_what_is_promised_and_the_difference()
    {
        await _site.PriceAsync(_clinic, new DateOnly(2026, 9, 1), 500_000);
        await CloseAsync(9, 10);
        await AddAsync(Grant(100), Schedule(new DateOnly(2026, 11, 20), new DateOnly(2026, 12, 20)));
        // Posted: the top-ups of the 20th and 21st and the session. Today's top-up is recorded and falls tonight.
        await _site.ImportRowsAsync(
            _clinic, CsvRow.TopUp("T1", "2026-11-20"), CsvRow.TopUp("T2", "2026-11-21"), CsvRow.TopUp("T3", "2026-11-22"), CsvRow.Session("E1", "2026-11-22T09:00:00Z", minutes: 25));

        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var page = await finance.PageAsync("/dashboard");

        Assert.Equal("93", page.QuerySelector("[data-available]")!.GetAttribute("data-available"));
        Assert.Equal("28", page.QuerySelector("[data-allocated]")!.GetAttribute("data-allocated"));
        Assert.Equal("65", page.QuerySelector("[data-free]")!.GetAttribute("data-free"));
        Assert.Null(page.QuerySelector(".attention"));
        Assert.Equal("Nothing needs attention.", page.QuerySelector(".nothing-needed")!.TextContent);
        Assert.Equal("Enough for two years.", page.QuerySelector("[data-forecast]")!.TextContent);
        Assert.Equal("Home - CreditUsage", page.Title);
    }

    [Fact]
    public async Task It_names_what_needs_attention_and_where_each_month_stands()
    {
        await _site.ImportRowsAsync(_clinic, CsvRow.Session("E1", "2026-10-12T09:00:00Z"), CsvRow.Session("E2", "2026-10-13T09:00:00Z"));
        await CloseAsync(9);

        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var page = await finance.PageAsync("/dashboard");

        var attention = page.QuerySelectorAll(".attention li").Select(item => item.TextContent).ToList();
        Assert.Equal(4, attention.Count);
        Assert.StartsWith("10 credits are missing", attention[0], StringComparison.Ordinal);
        Assert.StartsWith("No credit price is valid today.", attention[1], StringComparison.Ordinal);
        Assert.StartsWith("October 2026: the cost of 2 events is withheld for want of a price.", attention[2], StringComparison.Ordinal);
        Assert.Equal("1 month to close: October 2026. Close October 2026", attention[3]);
        Assert.Equal("/months/2026-10", page.QuerySelector("[data-attention=open] a")!.GetAttribute("href"));
        Assert.Equal(
            [("November 2026", "In progress"), ("October 2026", "Open"), ("September 2026", "Closed v1")],
            page.QuerySelectorAll("tr[data-month]").Select(row => (row.Children[0].TextContent, row.Children[1].TextContent)));
    }

    [Fact]
    public async Task It_says_when_credits_run_out_and_until_when_to_order()
    {
        await AddAsync(Grant(40), Schedule(new DateOnly(2026, 11, 20), new DateOnly(2026, 11, 30)));
        // 11 whole weeks since the start: 22 credits on a Monday are 2 each Monday. 40 - 22 - 2 = 16 in hand; 9 more top-ups; the 4th Monday is not covered.
        await _site.ImportRowsAsync(_clinic, CsvRow.TopUp("T1", "2026-11-20"), CsvRow.TopUp("T2", "2026-11-21"), CsvRow.Session("E1", "2026-11-16T09:00:00Z", minutes: 110));

        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var page = await finance.PageAsync("/dashboard");

        Assert.Equal("Run out on 14/12/2026. Order by 07/12/2026.", page.QuerySelector("[data-runs-out]")!.TextContent);
        Assert.Equal(("2026-12-14", "2026-12-07"), (page.QuerySelector("[data-runs-out]")!.GetAttribute("data-runs-out"), page.QuerySelector("[data-runs-out]")!.GetAttribute("data-order-by")));
        Assert.StartsWith("1 schedule ends within 14 days, on 30/11/2026.", page.QuerySelector("[data-attention=expiring]")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(19, false)]
    [InlineData(18, true)]
    public async Task Top_ups_of_a_schedule_that_ended_last_week_did_not_come_from_outside(int lastDay, bool outside)
    {
        await _site.InAsync(_clinic, services => services.GetRequiredService<CreditUsageDb>().Subscriptions.Where(subscription => subscription.Id == _clinic)
            .ExecuteUpdateAsync(set => set.SetProperty(subscription => subscription.ChargesTopUpsFrom, new DateOnly(2026, 11, 22))));
        await AddAsync(Grant(40), Schedule(new DateOnly(2026, 11, 18), new DateOnly(2026, 11, lastDay)));
        await _site.ImportRowsAsync(_clinic, CsvRow.TopUp("T1", "2026-11-18"), CsvRow.TopUp("T2", "2026-11-19"));

        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var page = await finance.PageAsync("/dashboard");

        Assert.Equal(outside, page.QuerySelector("[data-basis]")!.TextContent.Contains("no schedule here asks for", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Everything_that_needs_attention_has_its_link()
    {
        await AddAsync(
            Schedule(new DateOnly(2026, 11, 20), new DateOnly(2026, 11, 30)), Proof(ofShown: 5, ledger: 2, explained: 1),
            Recipient("a@clinic.example"), Delivery("a@clinic.example", DeliveryState.GivenUp), Delivery("gone@clinic.example", DeliveryState.GivenUp), Delivery("b@clinic.example", DeliveryState.Waiting));
        await CloseAsync(9);
        // Not crossed by the site's own watch, which would add a firing of its own whenever it looks.
        var rule = new AlertRule { SubscriptionId = _clinic, Kind = AlertKind.MonthAbove, Line = 1_000_000_00, Emails = "", SetBy = "the test", SetAt = _site.Clock.GetUtcNow() };
        await AddAsync(rule);
        await AddAsync(new AlertFiring { SubscriptionId = _clinic, AlertRuleId = rule.Id, FiredAt = _site.Clock.GetUtcNow(), Figure = 0, Message = "Something was crossed." });

        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var page = await finance.PageAsync("/dashboard");

        Assert.Equal(
        [
            // 11 days are promised and none charged; the 20th and 21st are over. The delivery to somebody who was removed is nobody's concern.
            ("credits", "11 credits are missing to cover what is promised.", "/credits"),
            ("price", "No credit price is valid today.", "/credits/prices"),
            ("top-ups", "2 daily top-ups that schedules ask for are missing.", "/schedules"),
            ("alerts", "New alert: Something was crossed.", "/alerts"),
            ("deliveries", "1 delivery was given up or may not have arrived.", "/deliveries"),
            ("deliveries", "1 delivery has been tried and is not decided yet.", "/deliveries"),
            ("proof", "The last balance proof failed: 2 credits are not explained.", "/credits/proof"),
            ("expiring", "1 schedule ends within 14 days, on 30/11/2026.", "/schedules"),
            ("open", "1 month to close: October 2026.", "/months/2026-10"),
        ],
        page.QuerySelectorAll("[data-attention]").Select(item => (item.GetAttribute("data-attention")!, item.FirstChild!.TextContent.Trim(), item.QuerySelector("a")!.GetAttribute("href")!)));
        Assert.Equal("Budget £1,000,000.00", page.QuerySelector(".chart-key li:last-child")!.TextContent.Trim());
        Assert.NotNull(page.QuerySelector(".chart-columns .chart-line"));
        foreach (var link in page.QuerySelectorAll("[data-attention] a").Select(link => link.GetAttribute("href")!).Distinct())
        {
            using var answer = await finance.GetAsync(link);
            Assert.True(answer.IsSuccessStatusCode, link);
        }
    }

    [Fact]
    public async Task The_badges_of_the_navigation_count_what_the_list_names()
    {
        await CloseAsync(9);
        var rule = new AlertRule { SubscriptionId = _clinic, Kind = AlertKind.MonthAbove, Line = 1_000_000_00, Emails = "", SetBy = "the test", SetAt = _site.Clock.GetUtcNow() };
        await AddAsync(Schedule(new DateOnly(2026, 11, 20), new DateOnly(2026, 11, 30)));
        await _site.ImportRowsAsync(_clinic, CsvRow.Session("E1", "2026-10-12T09:00:00Z"), CsvRow.Session("E2", "2026-10-13T09:00:00Z"));
        await AddAsync(rule, Recipient("a@clinic.example"), Delivery("a@clinic.example", DeliveryState.GivenUp), Delivery("b@clinic.example", DeliveryState.Waiting), Import(accepted: 3), Import(accepted: 3), Import(accepted: 0));
        foreach (var message in new[] { "First.", "Second.", "Third." })
            await AddAsync(new AlertFiring { SubscriptionId = _clinic, AlertRuleId = rule.Id, FiredAt = _site.Clock.GetUtcNow(), Figure = 0, Message = message });

        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var page = await finance.PageAsync("/dashboard");

        Assert.Equal(["2 to set", "2 missing", "1 to close", "2 not delivered", "2 to decide", "3 new"], Badges(page));
        Assert.Equal(Badges(page), Badges(await finance.PageAsync("/credits")));
        Assert.Equal("2 imports wait for a decision.", page.QuerySelector("[data-attention=imports]")!.FirstChild!.TextContent.Trim());
        Assert.StartsWith("3 ", page.QuerySelector("[data-attention=alerts]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["alerts", "deliveries", "deliveries", "imports", "open", "price", "top-ups", "withheld"],
            page.QuerySelectorAll("[data-attention]").Select(item => item.GetAttribute("data-attention")!).Where(kind => kind is not ("credits" or "expiring")).Order(StringComparer.Ordinal));

        static IEnumerable<string> Badges(AngleSharp.Html.Dom.IHtmlDocument page) => page.QuerySelectorAll("#site-navigation [data-badge]").Select(badge => badge.TextContent);
    }

    [Theory]
    [InlineData(null, null, "27 missing")]
    [InlineData(null, 10, "20 missing")]
    [InlineData(21, 9, "1 missing")]
    [InlineData(22, 9, null)]
    public async Task Missing_top_ups_count_from_where_charging_began_or_the_latest_closed_month_ended(int? chargedFrom, int? closed, string? badge)
    {
        // Otherwise the start itself may charge them.
        await Wait.UntilAsync(() => _site.EndedJobs.Has(ChargeTopUpsJob.Key));
        await _site.InAsync(_clinic, services => services.GetRequiredService<CreditUsageDb>().Subscriptions.Where(subscription => subscription.Id == _clinic)
            .ExecuteUpdateAsync(set => set.SetProperty(subscription => subscription.ChargesTopUpsFrom, chargedFrom is { } day ? new DateOnly(2026, 11, day) : null)));
        if (closed is { } month) await CloseAsync(month);
        await AddAsync(Schedule(new DateOnly(2026, 10, 25), new DateOnly(2026, 11, 30)));
        await _site.ImportRowsAsync(_clinic, CsvRow.TopUp("T1", "2026-11-01"));

        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var page = await finance.PageAsync("/dashboard");

        Assert.Equal(badge, page.QuerySelector("#site-navigation a[href='/schedules'] [data-badge]")?.TextContent);
        Assert.Equal(badge is null, page.QuerySelector("[data-attention=top-ups]") is null);
    }

    [Fact]
    public async Task A_subscription_that_has_just_begun_has_nothing_to_be_held_against()
    {
        var young = await _site.SubscriptionAsync("Young", new DateOnly(2026, 11, 20));
        await _site.UserAsync(young, "finance@young.example", Roles.FinanceAdministrator);
        // What another subscription uses is not seen here.
        await _site.ImportRowsAsync(_clinic, CsvRow.Session("E1", "2026-10-12T09:00:00Z"), CsvRow.Session("E2", "2026-11-13T09:00:00Z"));

        using var finance = await Visitor.SignedInAsync(_site, "finance@young.example");
        var page = await finance.PageAsync("/dashboard");

        Assert.Equal(("£0.00", "No complete month to compare with yet."), (page.QuerySelector(".home-figure")!.TextContent, page.QuerySelector("[data-so-far]")!.TextContent));
        Assert.Null(page.QuerySelector("[data-last]"));
        Assert.Equal("2026-11", Assert.Single(page.QuerySelectorAll("tr[data-month]")).GetAttribute("data-month"));
        Assert.Equal(["price"], page.QuerySelectorAll("[data-attention]").Select(item => item.GetAttribute("data-attention")));
    }

    private Task<int> AddAsync(params object[] rows) => _site.InAsync(_clinic, services =>
    {
        var db = services.GetRequiredService<CreditUsageDb>();
        db.AddRange(rows);
        return db.SaveChangesAsync();
    });

    private LedgerEntry Grant(int credits) => new()
    {
        SubscriptionId = _clinic,
        Kind = LedgerEntryKind.Grant,
        ServiceDate = new DateOnly(2026, 11, 1),
        ReportMonth = new UsageMonth(2026, 11),
        PostedAt = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero),
        Credits = credits,
        RecordedAt = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero),
        RecordedBy = "the test",
    };

    private TopUpSchedule Schedule(DateOnly first, DateOnly last) => CardSchedule.Of(_clinic, "1000000001", first, last);

    private async Task CloseAsync(params int[] months)
    {
        foreach (var month in months)
            await _site.InAsync(_clinic, services => ClosingRows.AddAsync(services.GetRequiredService<CreditUsageDb>(), _clinic, new UsageMonth(2026, month)));
    }

    private BalanceProof Proof(long ofShown, long ledger, long explained) => new()
    {
        SubscriptionId = _clinic,
        ShownAt = _site.Clock.GetUtcNow(),
        ShownCredits = ofShown,
        LedgerCredits = ledger,
        ExplainedCredits = explained,
        Finding = "They differ.",
        RecordedAt = _site.Clock.GetUtcNow(),
        RecordedBy = "the test",
    };

    private UsageImport Import(int accepted) => new()
    {
        Id = Guid.NewGuid(),
        SubscriptionId = _clinic,
        FileName = "usage.csv",
        Sha256 = new string('0', 64),
        SizeBytes = 1,
        UploadedBy = Finance,
        UploadedAt = _site.Clock.GetUtcNow(),
        State = UsageImportState.Checked,
        Accepted = accepted,
    };

    private DeliveryRecipient Recipient(string email) => new() { SubscriptionId = _clinic, Name = "Olga Owner", Email = email, AddedBy = "the test", AddedAt = _site.Clock.GetUtcNow() };

    private Delivery Delivery(string email, DeliveryState state) => new()
    {
        SubscriptionId = _clinic,
        Month = new UsageMonth(2026, 9),
        Version = 1,
        Name = "Olga Owner",
        Email = email,
        State = state,
        DueAt = _site.Clock.GetUtcNow(),
        NextAttemptAt = state == DeliveryState.Waiting ? _site.Clock.GetUtcNow().AddHours(1) : null,
        Attempts = 1,
        EndedAt = state == DeliveryState.GivenUp ? _site.Clock.GetUtcNow() : null,
    };
}

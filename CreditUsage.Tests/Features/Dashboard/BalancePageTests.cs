using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Dashboard;

/// <summary>The balance page. The clock stands at 22/11/2026 12:00 GMT.</summary>
public sealed class BalancePageTests : IAsyncLifetime
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
        await AddAsync(Grant(100), Schedule(new DateOnly(2026, 11, 20), new DateOnly(2026, 11, 30)));
        // Posted: the top-ups of the 20th and 21st and the session. Today's top-up is recorded and falls tonight.
        await _site.ImportRowsAsync(
            _clinic, CsvRow.TopUp("T1", "2026-11-20"), CsvRow.TopUp("T2", "2026-11-21"), CsvRow.TopUp("T3", "2026-11-22"), CsvRow.Session("E1", "2026-11-22T09:00:00Z", minutes: 25));

        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var page = await finance.PageAsync("/dashboard");

        Assert.Equal("93", page.QuerySelector("[data-available]")!.GetAttribute("data-available"));
        Assert.Equal("8", page.QuerySelector("[data-allocated]")!.GetAttribute("data-allocated"));
        Assert.Equal("85", page.QuerySelector("[data-free]")!.GetAttribute("data-free"));
        Assert.Null(page.QuerySelector(".attention"));
        Assert.Equal("Home - CreditUsage", page.Title);
    }

    [Fact]
    public async Task It_names_what_needs_attention_and_where_each_month_stands()
    {
        await _site.ImportRowsAsync(_clinic, CsvRow.Session("E1", "2026-10-12T09:00:00Z"), CsvRow.Session("E2", "2026-10-13T09:00:00Z"));
        await _site.InAsync(_clinic, services => ClosingRows.AddAsync(services.GetRequiredService<CreditUsageDb>(), _clinic, new UsageMonth(2026, 9)));

        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var page = await finance.PageAsync("/dashboard");

        var attention = page.QuerySelectorAll(".attention li").Select(item => item.TextContent).ToList();
        Assert.Equal(3, attention.Count);
        Assert.StartsWith("10 credits are missing", attention[0], StringComparison.Ordinal);
        Assert.StartsWith("No credit price is valid today.", attention[1], StringComparison.Ordinal);
        Assert.StartsWith("October 2026: the cost of 2 events is withheld.", attention[2], StringComparison.Ordinal);
        Assert.Equal(
            [("November 2026", "In progress"), ("October 2026", "Open"), ("September 2026", "Closed v1")],
            page.QuerySelectorAll("tr[data-month]").Select(row => (row.Children[0].TextContent, row.Children[1].TextContent)));
        Assert.NotNull(page.QuerySelector("main a[href='/months']"));
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

    private TopUpSchedule Schedule(DateOnly first, DateOnly last) => new()
    {
        SubscriptionId = _clinic,
        DeviceId = "1000000001",
        Program = "Sleep",
        StaffId = "S1",
        StaffName = "Sam Staff",
        IdentityNote = "Front desk",
        FirstDay = first,
        LastDay = last,
        RecordedAt = new DateTimeOffset(first, TimeOnly.MinValue, TimeSpan.Zero),
        RecordedBy = "the test",
    };
}

using System.Net;
using AngleSharp.Dom;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Features.UsageReport;

/// <summary>A month of 2,300 events: more than the first answer holds.</summary>
public sealed class LongMonthTests(LongMonthTests.LongMonth month) : IClassFixture<LongMonthTests.LongMonth>
{
    private const int Events = 2300;
    private const string October = "/usage-report?year=2026&month=10&sessions=true&topUps=true";

    [Theory]
    [InlineData("")]
    [InlineData("&sort=-cost")]
    [InlineData("&sort=client")]
    public async Task The_first_answer_has_a_thousand_rows_and_the_rest_follow_without_a_gap(string sort)
    {
        using var finance = await Visitor.SignedInAsync(month.Site, LongMonth.Finance);
        var first = await finance.PageAsync(October + sort);
        var seen = first.EventIds().ToList();
        var sizes = new List<int> { seen.Count };

        for (var more = first.QuerySelector("tr.more-rows"); more is not null;)
        {
            using var answer = await finance.GetFragmentAsync(more.GetAttribute("hx-get")!);
            var html = await answer.Content.ReadAsStringAsync();
            Assert.StartsWith("<tr", html.TrimStart(), StringComparison.Ordinal);
            var rows = await RowsAsync(html);
            sizes.Add(rows.EventIds().Count);
            seen.AddRange(rows.EventIds());
            more = rows.QuerySelector("tr.more-rows");
        }

        Assert.Equal([1000, 500, 500, 300], sizes);
        Assert.Equal(LongMonth.Ids(sort), seen);
        Assert.Equal(($"{Events}", $"{LongMonth.Credits}", $"{LongMonth.Credits * 50}"), first.Total("all"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("&sort=-cost")]
    [InlineData("&groupBy=client")]
    [InlineData("&groupBy=kind")]
    [InlineData("&groupBy=kind&sort=-cost")]
    public async Task Numbered_pages_show_every_row_once(string sort)
    {
        using var finance = await Visitor.SignedInAsync(month.Site, LongMonth.Finance);
        var pages = new List<IReadOnlyList<string>>();
        for (var number = 1; number <= 3; number++)
        {
            var page = await finance.PageAsync($"{October}{sort}&page={number}");
            pages.Add(page.EventIds());
            Assert.Equal(number < 3, page.QuerySelector(".more-rows a") is not null);
            Assert.Equal($"{Events}", page.Total("all").Events);
        }
        Assert.Equal([1000, 1000, 300], pages.Select(page => page.Count));
        using var past = await finance.GetAsync($"{October}{sort}&page=4");
        Assert.Equal(System.Net.HttpStatusCode.UnprocessableEntity, past.StatusCode);
        Assert.Equal(LongMonth.Ids(sort), pages.SelectMany(page => page));
    }

    [Fact]
    public async Task A_group_longer_than_a_page_has_its_heading_before_its_first_row_and_its_subtotal_after_its_last()
    {
        using var finance = await Visitor.SignedInAsync(month.Site, LongMonth.Finance);
        var shown = new List<(int Headings, int Subtotals)>();
        for (var number = 1; number <= 3; number++)
        {
            month.Log.Clear();
            var page = await finance.PageAsync($"{October}&groupBy=kind&page={number}");
            shown.Add((page.QuerySelectorAll(".usage-group-head").Length, page.QuerySelectorAll("[data-subtotal]").Length));
            Assert.Contains(month.Log.Commands, command => command.Sql.Contains("\"EventId\"", StringComparison.Ordinal) && command.Sql.Contains("LIMIT", StringComparison.Ordinal));
        }
        Assert.Equal([(1, 0), (0, 0), (0, 1)], shown);
    }

    [Fact]
    public async Task The_next_rows_can_be_had_without_scripts()
    {
        using var finance = await Visitor.SignedInAsync(month.Site, LongMonth.Finance);
        var first = await finance.PageAsync(October);
        var link = first.QuerySelector("tr.more-rows a")!.GetAttribute("href")!;
        Assert.Equal(LongMonth.Ids("").Skip(1000).Take(1000), (await finance.PageAsync(link)).EventIds());
    }

    [Fact]
    public async Task Rows_after_an_event_that_is_not_there_are_none()
    {
        using var finance = await Visitor.SignedInAsync(month.Site, LongMonth.Finance);
        foreach (var sort in new[] { "", "&sort=-cost" })
        {
            using var answer = await finance.GetFragmentAsync($"{October}{sort}&after=Nothing%27--");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("", (await answer.Content.ReadAsStringAsync()).Trim());
        }
    }

    [Fact]
    public async Task Print_and_files_have_every_row_whatever_page_is_asked_for()
    {
        using var finance = await Visitor.SignedInAsync(month.Site, LongMonth.Finance);
        var query = October["/usage-report".Length..] + "&page=2";
        Assert.Equal(LongMonth.Ids(""), (await finance.PageAsync("/usage-report/print" + query)).EventIds());
        using var csv = await finance.GetAsync("/usage-report/csv" + query);
        Assert.Equal(LongMonth.Ids(""), (await csv.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')[^2]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("&sort=client")]
    public async Task A_page_asks_the_database_a_dozen_times_at_most(string sort)
    {
        using var finance = await Visitor.SignedInAsync(month.Site, LongMonth.Finance);
        month.Log.Clear();
        await finance.PageAsync(October + sort);
        Assert.InRange(month.Log.Commands.Count, 1, 12);
    }

    private static async Task<IElement> RowsAsync(string html)
    {
        using var answer = new HttpResponseMessage { Content = new StringContent($"<table><tbody>{html}</tbody></table>") };
        return (await Visitor.ReadAsync(answer)).Body!;
    }

    public sealed class LongMonth : IAsyncLifetime
    {
        public const string Finance = "finance@long.example";

        public CommandLog Log { get; } = new();

        public Site Site { get; }

        public LongMonth()
        {
            Site = new Site { ChangeServices = Log.AddTo };
            Site.UseKestrel(0);
            Site.StartServer();
        }

        public static long Credits => Enumerable.Range(0, Events).Sum(CreditsOf);

        /// <summary>All ids in the order asked for.</summary>
        public static IEnumerable<string> Ids(string sort)
        {
            var inOrder = Enumerable.Range(0, Events).OrderBy(i => i / 10).ThenBy(Id, StringComparer.Ordinal).ToList();
            return (sort switch
            {
                "&sort=-cost" or "&groupBy=kind&sort=-cost" => inOrder.OrderByDescending(CreditsOf),
                "&sort=client" => inOrder.OrderBy(ClientOf, StringComparer.Ordinal),
                _ => inOrder.AsEnumerable(),
            }).Select(Id);
        }

        public async Task InitializeAsync()
        {
            var clinic = await Site.SubscriptionAsync("Long Clinic", new DateOnly(2026, 1, 1));
            await Site.PriceAsync(clinic, new DateOnly(2026, 1, 1), 500_000);
            await Site.UserAsync(clinic, Finance, Roles.FinanceAdministrator);
            var start = new DateTime(2026, 10, 1, 0, 0, 0, DateTimeKind.Utc);
            // All of one client, who was renamed again and again. Ten events begin in each minute, so that paging stands between events of the same instant.
            await Site.ImportRowsAsync(clinic, [.. Enumerable.Range(0, Events).Select(i => CsvRow.Session(
                Id(i), start.AddMinutes(i / 10).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"), minutes: CreditsOf(i) * 5, client: ClientOf(i)))]);
        }

        public Task DisposeAsync() => Site.DisposeAsync().AsTask();

        /// <summary>Not in the order of the rows.</summary>
        private static string Id(int i) => $"L{(i * 7919) % Events:0000}";

        private static int CreditsOf(int i) => (i % 4) + 1;

        private static string ClientOf(int i) => $"Client {i % 30:00}";
    }
}

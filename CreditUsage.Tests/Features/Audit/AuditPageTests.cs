using System.Net;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Audit;

/// <summary>The clock stands at 22 November 2026, 12:00 UTC.</summary>
public sealed class AuditPageTests : IAsyncLifetime
{
    private const string Auditor = "auditor@clinic.example";
    private const string Finance = "finance@clinic.example";
    private const string October = "?year=2026&month=10&sessions=true&topUps=true";

    private readonly Site _site = new();
    private int _clinic;

    public async Task InitializeAsync()
    {
        _site.UseKestrel(0);
        _site.StartServer();
        _clinic = await _site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        await _site.UserAsync(_clinic, Auditor, Roles.Auditor);
        await _site.UserAsync(_clinic, Finance, Roles.FinanceAdministrator);
    }

    public Task DisposeAsync() => _site.DisposeAsync().AsTask();

    [Fact]
    public async Task Running_viewing_exporting_and_saving_leave_their_entry_with_what_was_asked()
    {
        await _site.ImportRowsAsync(_clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z", client: "Secret Person"));
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        foreach (var path in new[] { "", "/print", "/csv", "/json", "/pdf" }) await OkAsync(finance.GetAsync($"/usage-report{path}{October}"));
        using var saved = await OkAsync(finance.PostAsync("/usage-report", $"/usage-report/pdf{October}"));
        var report = saved.Content.Headers.ContentLocation!.OriginalString;
        await OkAsync(finance.GetAsync(report));
        await OkAsync(finance.GetAsync(report + "/download"));

        using var auditor = await Visitor.SignedInAsync(_site, Auditor);
        var page = await auditor.PageAsync("/audit?who=finance");

        var rows = page.QuerySelectorAll("tr[data-entry]").Where(row => row.Children[4].TextContent == "October 2026").Reverse().Select(row => (row.Children[3].TextContent, row.Children[5].TextContent)).ToList();
        const string asked = "connected sessions and daily top-ups, " + October;
        Assert.Equal(
            [("Run", asked), ("View", $"Print of {asked}"), ("Export", $"CSV of {asked}"), ("Export", $"JSON of {asked}"), ("Export", $"PDF of {asked}")],
            rows.Where(row => row.Item1 != "Save").Take(5));
        Assert.Equal(1, rows.Count(row => row.Item1 == "Save" && row.Item2.StartsWith($"PDF of {asked}, saved report ", StringComparison.Ordinal)));
        Assert.Equal([("View", $"Saved report {report[15..]}"), ("Export", $"Saved report {report[15..]}")], rows.TakeLast(2));
        Assert.DoesNotContain("Secret", page.QuerySelector("table")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_further_page_of_a_run_and_what_was_refused_leave_none()
    {
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        foreach (var path in new[] { $"/usage-report{October}&page=2", "/usage-report?year=2026&month=10", "/usage-report/csv?year=2031&month=1&topUps=true" })
        {
            using var answer = await finance.GetAsync(path);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        }
        await finance.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/usage-report/csv{October}"));

        using var auditor = await Visitor.SignedInAsync(_site, Auditor);
        Assert.Empty((await auditor.PageAsync("/audit?action=Run")).QuerySelectorAll("tr[data-entry]"));
        Assert.Empty((await auditor.PageAsync("/audit?action=Export")).QuerySelectorAll("tr[data-entry]"));
    }

    [Fact]
    public async Task A_page_is_answered_while_somebody_else_writes_and_its_entry_comes_later()
    {
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        await _site.InAsync(_clinic, async services =>
        {
            await using var held = await services.GetRequiredService<CreditUsageDb>().Database.BeginTransactionAsync();
            await OkAsync(finance.GetAsync($"/usage-report{October}"));
            return 0;
        });

        using var auditor = await Visitor.SignedInAsync(_site, Auditor);
        Assert.Single((await auditor.PageAsync("/audit?action=Run")).QuerySelectorAll("tr[data-entry]"));
    }

    [Fact]
    public async Task Entries_are_narrowed_by_day_by_who_and_by_action()
    {
        await AddAsync(_clinic, new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero), "ann@clinic.example", AuditAction.Price);
        await AddAsync(_clinic, new(2026, 10, 1, 23, 59, 59, TimeSpan.Zero), "key Meter", AuditAction.ApiIngest);
        await AddAsync(_clinic, new(2026, 10, 2, 0, 0, 0, TimeSpan.Zero), "ann@clinic.example", AuditAction.Close);
        using var auditor = await Visitor.SignedInAsync(_site, Auditor);

        Assert.Equal(["Usage by API", "Price"], await ActionsAsync(auditor, "?from=2026-10-01&to=2026-10-01"));
        Assert.Equal(["Close month"], await ActionsAsync(auditor, "?from=2026-10-02&to=2026-10-31"));
        Assert.Equal(["Close month", "Price"], await ActionsAsync(auditor, "?who=ann"));
        Assert.Equal(["Usage by API"], await ActionsAsync(auditor, "?action=ApiIngest"));
        Assert.Empty(await ActionsAsync(auditor, "?who=ann&action=ApiIngest"));
        Assert.Empty(await ActionsAsync(auditor, "?who=%25nn"));
    }

    [Theory]
    [InlineData("?from=01/10/2026", "from")]
    [InlineData("?to=2026-02-30", "to")]
    [InlineData("?from=2026-10-02&to=2026-10-01", "to")]
    [InlineData("?action=22", "action")]
    [InlineData("?action=Nothing", "action")]
    [InlineData("?before=-1", "from")]
    public async Task A_filter_that_cannot_be_read_is_refused_at_its_field(string query, string field)
    {
        using var auditor = await Visitor.SignedInAsync(_site, Auditor);
        using var answer = await auditor.GetAsync("/audit" + query);
        using var csv = await auditor.GetAsync("/audit/csv" + query);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity), (answer.StatusCode, csv.StatusCode));
        Assert.Equal("#" + field, (await Visitor.ReadAsync(answer)).QuerySelector(".fault-summary a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task Older_entries_follow_page_by_page_without_a_gap_and_the_file_has_them_all()
    {
        for (var number = 0; number < 230; number++) await AddAsync(_clinic, _site.Clock.GetUtcNow(), "ann@clinic.example", AuditAction.Price, $"={number}");
        using var auditor = await Visitor.SignedInAsync(_site, Auditor);
        var (path, seen) = ("/audit?action=Price", new List<string>());
        while (path is not null)
        {
            var page = await auditor.PageAsync(path);
            seen.AddRange(page.QuerySelectorAll("tr[data-entry]").Select(row => row.Children[5].TextContent));
            path = page.QuerySelector("a[rel=next]")?.GetAttribute("href");
        }
        Assert.Equal(Enumerable.Range(0, 230).Reverse().Select(number => $"={number}"), seen);

        var csv = await auditor.Http.GetStringAsync(new Uri("/audit/csv?action=Price&before=5", UriKind.Relative));
        var lines = csv.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(231, lines.Length);
        Assert.Equal("Number,At (GMT),Who,Action,Subject,Detail,Hash", lines[0]);
        Assert.Matches("^[0-9]+,2026-11-22 12:00:00,ann@clinic.example,Price,October 2026,'=229,", lines[1]);
        Assert.Single((await auditor.PageAsync("/audit?action=Export")).QuerySelectorAll("tr[data-entry]"), row => row.Children[5].TextContent == "CSV, ?action=Price");
    }

    [Fact]
    public async Task Another_subscriptions_entries_are_not_seen()
    {
        var other = await _site.SubscriptionAsync("Other", new DateOnly(2026, 1, 1));
        await AddAsync(other, _site.Clock.GetUtcNow(), "ann@other.example", AuditAction.Price);
        using var auditor = await Visitor.SignedInAsync(_site, Auditor);

        Assert.Empty(await ActionsAsync(auditor, "?who=ann"));
        Assert.DoesNotContain("ann@other", await auditor.Http.GetStringAsync(new Uri("/audit/csv", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_check_counts_what_holds_and_names_the_first_that_does_not()
    {
        for (var number = 1; number <= 5; number++) await AddAsync(_clinic, _site.Clock.GetUtcNow(), "ann@clinic.example", AuditAction.Price);
        using var auditor = await Visitor.SignedInAsync(_site, Auditor);

        var good = await Visitor.ReadAsync(await auditor.PostAsync("/audit", "/audit"));
        var held = await _site.InAsync(_clinic, services => services.GetRequiredService<CreditUsageDb>().AuditEntries.CountAsync());
        Assert.Equal(("holds", $"{held}"), (good.QuerySelector("[data-check]")!.GetAttribute("data-check"), good.QuerySelector("[data-check]")!.GetAttribute("data-entries")));

        await RawData.RunAsync(_site.DataPath, "UPDATE AuditEntries SET Detail = 'x' WHERE Sequence = 3");
        var bad = await Visitor.ReadAsync(await auditor.PostAsync("/audit", "/audit"));
        Assert.Equal("Entry 3 was changed or is missing. The 2 entries before it are sound; do not rely on anything after it.", bad.QuerySelector("[data-check=broken]")!.TextContent);
    }

    private static async Task<IEnumerable<string>> ActionsAsync(Visitor visitor, string query) =>
        (await visitor.PageAsync("/audit" + query)).QuerySelectorAll("tr[data-entry]").Select(row => row.Children[3].TextContent);

    private static async Task<HttpResponseMessage> OkAsync(Task<HttpResponseMessage> asked)
    {
        var answer = await asked;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await answer.Content.ReadAsByteArrayAsync();
        return answer;
    }

    private Task<int> AddAsync(int clinic, DateTimeOffset at, string who, AuditAction action, string detail = "") => _site.InAsync(clinic, async services =>
    {
        await using var transaction = await services.GetRequiredService<CreditUsageDb>().Database.BeginTransactionAsync();
        await services.GetRequiredService<AuditLog>().AppendAsync(who, at, action, "October 2026", detail, CancellationToken.None);
        await transaction.CommitAsync();
        return 0;
    });
}

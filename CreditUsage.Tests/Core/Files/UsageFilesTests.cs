using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;

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
            "Date (GMT),Time (GMT),Kind,Staff,Client,Program,Device,Duration (minutes),Credits,Cost (GBP),Event",
            "2026-10-01,09:30:00,Connected session,Sam Staff,\"'=HYPERLINK(\"\"http://x/?\"\"&A1)\",Sleep,,15,3,1.58,E1",
            "2026-10-01,23:59:59,Connected session,'-Minus,'+44 Jones,'@SUM(A1),,6,2,1234567.89,E2",
            "2026-10-02,,Daily top-up,Sam Staff,1000000001 =1+1,Sleep,1000000001,,1,0.53,E3",
            "2026-10-02,,Daily top-up,Sam Staff,\"Smith, John \"\"Jack\"\"\",Sleep,1000000002,,1,0.53,E4",
            "2026-10-03,00:00:00,Connected session,Sam Staff,'\uFF1D1+1,Sleep,,0,1,0.53,E5",
        ];
        Assert.Equal("\uFEFF" + string.Concat(lines.Select(line => line + "\r\n")), Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync()));
        Assert.Equal("text/csv; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("Credit Usage Report 2026-10.csv", answer.Content.Headers.ContentDisposition!.FileNameStar);
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
        Assert.Contains(",5,,E1\r\n", await csv.Content.ReadAsStringAsync(), StringComparison.Ordinal);
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
        var costs = (await csv.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')[^2]);
        Assert.Equal(expected, (long)(costs.Sum(cost => decimal.Parse(cost, CultureInfo.InvariantCulture)) * 100));
    }
}

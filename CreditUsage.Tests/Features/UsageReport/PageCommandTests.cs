using CreditUsage.Features.Corrections;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.UsageReport;

/// <summary>No page of the report asks the database more than eight times, signing in included.</summary>
public sealed class PageCommandTests
{
    private const int Most = 8;
    private const string Card = "1000000001";
    private const string October = "?year=2026&month=10&sessions=true&topUps=true";

    [Theory]
    [InlineData("/usage-report")]
    [InlineData("/usage-report" + October)]
    [InlineData("/usage-report" + October + "&groupBy=staff&q=a&client=-")]
    [InlineData("/usage-report/compare" + October)]
    [InlineData("/usage-report/explain" + October)]
    [InlineData("/usage-report/pictures" + October)]
    [InlineData("/usage-report/views")]
    [InlineData("/usage-report/print" + October + "&groupBy=staff")]
    [InlineData("/usage-report/print" + October + "&pictures=true")]
    [InlineData("/usage-report/money-found" + October)]
    [InlineData("/usage-report/rows-verified" + October)]
    [InlineData("/usage-report/accounting" + October)]
    [InlineData("/usage-report/billback" + October + "&by=client")]
    [InlineData("/usage-report/jobs")]
    [InlineData("/saved-reports")]
    [InlineData("/dashboard")]
    [InlineData("/months")]
    [InlineData("/months/2026-10")]
    [InlineData("/credits")]
    [InlineData("/credits/statement?year=2026&month=10")]
    [InlineData("/credits/statement?year=2026&month=10&basis=posting")]
    [InlineData("/credits/prices")]
    [InlineData("/credits/proof")]
    [InlineData("/schedules")]
    [InlineData("/corrections?event=E1")]
    [InlineData("/imports")]
    [InlineData("/alerts")]
    [InlineData("/deliveries")]
    public Task A_page_asks_at_most_eight_times(string path) => CountAsync(path, clinic => Task.CompletedTask);

    [Theory]
    [InlineData("/usage-report" + October + "&groupBy=staff&q=a")]
    [InlineData("/usage-report/pictures" + October + "&q=a")]
    [InlineData("/usage-report/print" + October + "&groupBy=client&q=a&pictures=true")]
    [InlineData("/usage-report/money-found" + October)]
    public Task Neither_a_card_that_came_back_nor_a_session_that_was_taken_back_makes_it_ask_more(string path) => CountAsync(path, async clinic =>
    {
        var cards = await clinic.Site.ImportRowsAsync(
            clinic.Id, CsvRow.TopUp("C1", "2026-09-30", Card), CsvRow.TopUp("C2", "2026-10-02", Card, client: "Ann Client"), CsvRow.TopUp("C3", "2026-10-05", Card), CsvRow.TopUp("C4", "2026-10-06", Card));
        Assert.Empty(cards.Errors);
        await clinic.Site.InAsync(clinic.Id, services => services.GetRequiredService<CorrectUsage>().ReverseAsync("E1", "Ran twice", CancellationToken.None));
    });

    private static async Task CountAsync(string path, Func<(Site Site, int Id), Task> prepare)
    {
        var log = new CommandLog();
        await using var site = new Site { ChangeServices = log.AddTo };
        site.UseKestrel(0);
        site.StartServer();
        var clinic = await site.SubscriptionAsync("Counted", new DateOnly(2026, 8, 1));
        await site.UserAsync(clinic, "finance@counted.example", Roles.FinanceAdministrator);
        await site.PriceAsync(clinic, new DateOnly(2026, 1, 1), 450_000);
        await site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z"), CsvRow.TopUp("E2", "2026-10-01"), CsvRow.Session("E3", "2026-09-01T09:30:00Z"));
        await prepare((site, clinic));
        using var finance = await Visitor.SignedInAsync(site, "finance@counted.example");
        await finance.PageAsync(path);
        log.Clear();
        await finance.PageAsync(path);
        // What the pages before were looked at for is written to the audit behind their backs, many at once.
        var commands = log.Commands.Where(command => !command.Sql.Contains("\"AuditEntries\"", StringComparison.Ordinal)).ToList();
        Assert.True(commands.Count <= Most, $"{commands.Count} commands:\n{string.Join("\n\n", commands.Select(command => command.Sql))}");
    }
}

using CreditUsage.Features.Corrections;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.UsageReport;

/// <summary>No page asks the database more than nine times: signing in and the frame around the page take one each.</summary>
public sealed class PageCommandTests(PageCommandTests.CountedSite counted) : IClassFixture<PageCommandTests.CountedSite>
{
    private const int Most = 9;
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
    [InlineData("/clinics")]
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
    public Task A_page_asks_at_most_nine_times(string path) => CountAsync(counted.Plain, path);

    [Theory]
    [InlineData("/usage-report" + October + "&groupBy=staff&q=a")]
    [InlineData("/usage-report/pictures" + October + "&q=a")]
    [InlineData("/usage-report/print" + October + "&groupBy=client&q=a&pictures=true")]
    [InlineData("/usage-report/money-found" + October)]
    public Task Neither_a_card_that_came_back_nor_a_session_that_was_taken_back_makes_it_ask_more(string path) => CountAsync(counted.Eventful, path);

    private async Task CountAsync(Clinic clinic, string path)
    {
        await clinic.Finance.PageAsync(path);
        counted.Log.Clear();
        await clinic.Finance.PageAsync(path);
        // What the pages before were looked at for is written to the audit behind their backs, many at once.
        var commands = counted.Log.Commands.Select(command => command.Sql).Where(sql => !sql.Contains("\"AuditEntries\"", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(commands);
        Assert.True(commands.Count <= Most, $"{commands.Count} commands:\n{string.Join("\n\n", commands)}");
    }

    public sealed record Clinic(int Id, Visitor Finance);

    /// <summary>A site whose commands are counted, with a clinic as it mostly is and one with something to look up.</summary>
    public sealed class CountedSite : IAsyncLifetime
    {
        private readonly Site _site;

        public CountedSite() => _site = new Site { ChangeServices = Log.AddTo };

        public CommandLog Log { get; } = new();

        public Clinic Plain { get; private set; } = null!;

        public Clinic Eventful { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            _site.UseKestrel(0);
            _site.StartServer();
            Plain = await ClinicAsync("plain");
            Eventful = await ClinicAsync("eventful");
            var cards = await _site.ImportRowsAsync(
                Eventful.Id, CsvRow.TopUp("C1", "2026-09-30", Card), CsvRow.TopUp("C2", "2026-10-02", Card, client: "Ann Client"), CsvRow.TopUp("C3", "2026-10-05", Card), CsvRow.TopUp("C4", "2026-10-06", Card));
            Assert.Empty(cards.Errors);
            await _site.InAsync(Eventful.Id, services => services.GetRequiredService<CorrectUsage>().ReverseAsync("E1", "Ran twice", CancellationToken.None));
        }

        public async Task DisposeAsync()
        {
            Plain.Finance.Dispose();
            Eventful.Finance.Dispose();
            await _site.DisposeAsync();
        }

        private async Task<Clinic> ClinicAsync(string name)
        {
            var (id, email) = (await _site.SubscriptionAsync("Counted", new DateOnly(2026, 8, 1)), $"{name}@counted.example");
            await _site.UserAsync(id, email, Roles.FinanceAdministrator);
            await _site.PriceAsync(id, new DateOnly(2026, 1, 1), 450_000);
            await _site.ImportRowsAsync(id, CsvRow.Session("E1", "2026-10-01T09:30:00Z"), CsvRow.TopUp("E2", "2026-10-01"), CsvRow.Session("E3", "2026-09-01T09:30:00Z"));
            return new Clinic(id, await Visitor.SignedInAsync(_site, email));
        }
    }
}

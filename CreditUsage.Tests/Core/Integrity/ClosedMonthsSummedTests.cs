using System.Net;
using CreditUsage.Tests.Core.Closing;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Core.Integrity;

/// <summary>Pages that read closed months without their report say what differs too (docs/decisions/0020).</summary>
[Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.TamperedMonth)]
public sealed class ClosedMonthsSummedTests : IAsyncLifetime
{
    private const string Home = "/dashboard";
    private const string Months = "/months";
    private const string Statement = "/credits/statement?year=2026&month=8&basis=service";
    private const string Savings = "/usage-report/money-found?year=2026&month=8";

    /// <summary>The top-up of 31 August was posted at its end.</summary>
    private const string PostedInSeptember = "/credits/statement?year=2026&month=9&basis=posting";

    private const string Pictures = "/usage-report/pictures?year=2026&month=10&sessions=true&topUps=true";

    private ClosingClinic _clinic = null!;
    private Visitor _visitor = null!;

    public async Task InitializeAsync()
    {
        _clinic = await ClosingClinic.OpenAsync();
        await _clinic.CloseAsync(ClosingClinic.August);
        await _clinic.CloseAsync(ClosingClinic.September);
        _visitor = await Visitor.SignedInAsync(_clinic.Site, ClosingClinic.Finance);
    }

    public async Task DisposeAsync()
    {
        _visitor.Dispose();
        await _clinic.DisposeAsync();
    }

    [Fact]
    public async Task One_changed_row_of_a_closed_month_is_said_on_every_page_that_reads_it()
    {
        string[] pages = [Home, Months, Statement, PostedInSeptember, Savings, Pictures];
        foreach (var page in pages) Assert.Null(await NoticeAsync(page));
        await RunAsync("UPDATE UsageEvents SET CostPence = CostPence + 100 WHERE EventId = 'A1'");

        foreach (var page in pages)
        {
            var notice = await NoticeAsync(page);
            Assert.True(notice?.Contains(" of August 2026, version 1 ", StringComparison.Ordinal), $"{page}: {notice}");
        }
        foreach (var page in new[] { "/credits/statement?year=2026&month=9&basis=service", "/credits/statement?year=2026&month=10&basis=service", "/usage-report/money-found?year=2026&month=9" })
            Assert.Null(await NoticeAsync(page));
    }

    [Fact]
    public async Task No_statement_of_a_changed_month_is_printed_or_exported()
    {
        await RunAsync("UPDATE UsageEvents SET DurationMinutes = DurationMinutes - 1 WHERE EventId = 'A1'");

        foreach (var form in new[] { "csv", "pdf" })
            foreach (var statement in new[] { Statement, PostedInSeptember })
            {
                using var answer = await _visitor.GetAsync(statement.Replace("statement", $"statement/{form}", StringComparison.Ordinal));
                Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
                Assert.Contains("The rows of August 2026, version 1 have changed since it was closed.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
        using var other = await _visitor.GetAsync("/credits/statement/csv?year=2026&month=9&basis=service");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task A_report_with_pictures_of_a_changed_month_before_is_not_printed()
    {
        await RunAsync("UPDATE UsageEvents SET CostPence = CostPence + 100 WHERE EventId = 'A1'");

        using var refused = await _visitor.GetAsync("/usage-report/print?year=2026&month=10&sessions=true&topUps=true&pictures=true");
        using var without = await _visitor.GetAsync("/usage-report/print?year=2026&month=10&sessions=true&topUps=true");

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.OK), (refused.StatusCode, without.StatusCode));
    }

    [Fact]
    public async Task Extra_and_missing_rows_are_said_where_months_are_summed_and_all_months_are_named()
    {
        await RawData.CopyEventAsync(_clinic.Site.DataPath, "A1", "A1-again");
        await RunAsync("DELETE FROM UsageEvents WHERE EventId = 'S1'");

        foreach (var page in new[] { Home, Months })
            Assert.StartsWith("The stored totals of August 2026, version 1 and of September 2026, version 1 do not match their rows. Restore the data from a backup", await NoticeAsync(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_entry_of_the_ledger_is_said_on_the_statement_of_its_closed_month()
    {
        await RunAsync("UPDATE MonthClosings SET OpeningCredits = OpeningCredits + 1 WHERE Month = (SELECT max(Month) FROM MonthClosings)");

        Assert.StartsWith("The stored balances of September 2026, version 1 do not match its entries and usage.", await NoticeAsync("/credits/statement?year=2026&month=9&basis=service"), StringComparison.Ordinal);
        Assert.Null(await NoticeAsync(Statement));
    }

    private Task<int> RunAsync(string sql) => RawData.RunAsync(_clinic.Site.DataPath, sql);

    private async Task<string?> NoticeAsync(string path) => (await _visitor.PageAsync(path)).QuerySelector("[data-difference]")?.TextContent;
}

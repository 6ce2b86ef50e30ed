using System.Net;
using System.Text.Json;
using CreditUsage.Domain.Months;
using CreditUsage.Features.ApiKeys;
using CreditUsage.Features.Verify;
using CreditUsage.Platform.Api;
using CreditUsage.Tests.Core.Closing;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Core.Integrity;

/// <summary>What is shown, printed or exported of a closed month is what was kept of it (docs/decisions/0020).</summary>
[Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.TamperedMonth)]
public sealed class ClosedMonthProofTests : IAsyncLifetime
{
    private const string August = "?year=2026&month=8&sessions=true&topUps=true";
    private const string September = "?year=2026&month=9&sessions=true&topUps=true";
    private const string NoProof = "The stored rows of August 2026, version 1 are missing or have changed";
    private const string NotClosedRows = "The rows of August 2026, version 1 have changed since it was closed.";

    private ClosingClinic _clinic = null!;
    private Visitor _visitor = null!;
    private MonthClosing _closing = null!;

    public async Task InitializeAsync()
    {
        _clinic = await ClosingClinic.OpenAsync();
        _closing = await _clinic.CloseAsync(ClosingClinic.August);
        _visitor = await Visitor.SignedInAsync(_clinic.Site, ClosingClinic.Finance);
        // What is proved once must not be believed after the next write.
        Assert.Null(await NoticeAsync(August));
    }

    public async Task DisposeAsync()
    {
        _visitor.Dispose();
        await _clinic.DisposeAsync();
    }

    [Theory]
    [InlineData("UPDATE UsageEvents SET CostPence = CostPence + 100 WHERE EventId = 'A1'")]
    [InlineData("UPDATE UsageEvents SET ClientId = NULL WHERE EventId = 'A1'")]
    [InlineData("UPDATE UsageEvents SET DurationMinutes = 24 WHERE EventId = 'A1'")]
    [InlineData("DELETE FROM UsageEvents WHERE EventId = 'A1'")]
    [InlineData("UPDATE UsageEvents SET ReportMonth = ReportMonth + 1 WHERE EventId = 'A1'")]
    [InlineData("UPDATE UsageEvents SET ReportMonth = ReportMonth - 1 WHERE EventId = 'S1'")]
    [InlineData("UPDATE Programs SET Name = 'Another'")]
    [InlineData("UPDATE MonthClosings SET RowsSha256 = replace(RowsSha256, substr(RowsSha256, 1, 1), 'e')")]
    public async Task A_changed_missing_or_extra_row_of_a_closed_month_is_said_on_the_page(string change)
    {
        Assert.NotEqual(0, await RawData.RunAsync(_clinic.Site.DataPath, change));

        Assert.NotNull(await NoticeAsync(August));
        // Of a part of the month too, even where the change is not in it.
        Assert.NotNull(await NoticeAsync("?year=2026&month=8&topUps=true"));
        Assert.Null(await NoticeAsync(September));
    }

    [Fact]
    public async Task A_row_that_was_put_in_is_said_on_the_page()
    {
        await RawData.CopyEventAsync(_clinic.Site.DataPath, "A1", "A1-again");

        Assert.StartsWith(NotClosedRows, await NoticeAsync(August), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Totals_that_are_not_those_of_the_rows_are_said_on_the_page()
    {
        await RawData.RunAsync(_clinic.Site.DataPath, "UPDATE MonthClosings SET CostPence = 200");

        Assert.StartsWith("The stored totals of August 2026, version 1 do not match its rows.", await NoticeAsync(August), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kept_rows_that_are_missing_or_those_of_another_month_prove_nothing()
    {
        var september = await _clinic.CloseAsync(ClosingClinic.September);
        File.Copy(PathOf(september.RowsSha256), PathOf(_closing.RowsSha256), overwrite: true);
        await TouchAsync();
        Assert.StartsWith(NoProof, await NoticeAsync(August), StringComparison.Ordinal);

        File.Delete(PathOf(_closing.RowsSha256));
        await TouchAsync();
        Assert.StartsWith(NoProof, await NoticeAsync(August), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_printed_saved_or_exported_of_a_changed_month()
    {
        await ChangeAsync();

        foreach (var way in new[] { "print", "csv", "xlsx", "json", "pdf", "accounting/focus", "accounting" }) await RefusedAsync(await _visitor.GetAsync($"/usage-report/{way}{August}"));
        await RefusedAsync(await _visitor.PostAsync("/usage-report", $"/usage-report/pdf{August}"));
        using var pack = await _visitor.GetAsync($"/usage-report/pack{August}");
        Assert.Contains(NotClosedRows, await pack.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var other = await _visitor.GetAsync($"/usage-report/csv{September}");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task The_api_refuses_a_changed_month_with_a_problem_in_words()
    {
        var (secret, _) = await _clinic.InAsync(services =>
        {
            var create = services.GetRequiredService<CreateApiKey>();
            return create.RunAsync("Reader", ApiScopes.ReadReports, create.Today.AddDays(10), CancellationToken.None);
        });
        using var caller = new ApiCaller(_clinic.Site, _clinic.Id, secret!.Text);
        Assert.Equal(HttpStatusCode.OK, (await caller.GetAsync("/api/v1/usage-report?month=2026-08")).Status);
        await ChangeAsync();

        foreach (var path in new[] { "/api/v1/usage-report?month=2026-08", "/api/v1/usage-events?month=2026-08" })
            Assert.StartsWith(NotClosedRows, (await caller.GetAsync(path)).Refused(HttpStatusCode.Conflict).Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await caller.GetAsync("/api/v1/usage-events?month=2026-09")).Status);
    }

    [Fact]
    public async Task The_closed_report_of_a_changed_month_is_genuine_but_not_current()
    {
        await using (var before = File.OpenRead(PathOf(_closing.PdfSha256, "pdf"))) Assert.Equal(ReportStatus.Current, (await VerifyAsync(before)).ReportStatus);
        await ChangeAsync();

        await using var pdf = File.OpenRead(PathOf(_closing.PdfSha256, "pdf"));
        var verdict = await VerifyAsync(pdf);

        Assert.Equal((ReportStatus.Unproved, "Genuine, but its month is no longer what was closed"), (verdict.ReportStatus, verdict.Heading));
        Assert.Contains(NotClosedRows, verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    [Trait(TestDatabase.Engine, TestDatabase.Sqlite)]
    public async Task What_was_proved_is_not_read_again_until_something_is_written()
    {
        var log = new CommandLog();
        await using var clinic = await ClosingClinic.OpenAsync(new Site
        {
            ChangeServices = services =>
            {
                QuickEngine.AddTo(services);
                log.AddTo(services);
            },
        });
        await clinic.CloseAsync(ClosingClinic.August);
        Task<int> AskAsync() => clinic.InAsync(async services =>
        {
            using var asRequest = CommandLog.AsRequest();
            var before = log.Commands.Count;
            Assert.Null(await services.GetRequiredService<CreditUsage.Core.Report.ReportQuery>().DifferenceAsync(ClosingClinic.August, CancellationToken.None));
            return log.Commands.Count - before;
        });

        var (first, second) = (await AskAsync(), await AskAsync());
        await RawData.RunAsync(clinic.Site.DataPath, "UPDATE Subscriptions SET LastReportNumber = LastReportNumber + 1");
        var third = await AskAsync();

        Assert.True(second < first, $"{first} commands, then {second}");
        Assert.Equal(first, third);
    }

    [Fact]
    public async Task A_month_that_was_reopened_is_proved_as_it_is_closed_again()
    {
        await _clinic.ReopenAsync(ClosingClinic.August);
        await _clinic.ImportAsync(CsvRow.Session("A3", "2026-08-10T10:00:00Z", minutes: 10));
        Assert.Null(await NoticeAsync(August));
        await _clinic.CloseAsync(ClosingClinic.August);

        Assert.Null(await NoticeAsync(August));
    }

    /// <summary>The proof writes anew what an earlier version of the program has written: were the form of the rows another, every closed month would seem changed.</summary>
    [Fact]
    public async Task The_form_of_kept_rows_never_changes()
    {
        using var json = JsonDocument.Parse(await _clinic.FileAsync(_closing.RowsSha256, "json"));
        var kept = json.RootElement.GetRawText();

        var at = json.RootElement.GetProperty("generatedAt").GetString();
        Assert.Equal(
            $$"""{"subscription":"Closing Clinic","month":"2026-08","kinds":["connected-session","daily-top-up"],"generatedAt":"{{at}}","currency":"GBP","rows":[""" + "ROWS]"
            + """,'totals':{'sessions':{'events':1,'minutes':25,'deviceDays':0,'credits':5,'costPence':250},'topUps':{'events':1,'minutes':0,'deviceDays':1,'credits':1,'costPence':50},'all':{'events':2,'minutes':25,'deviceDays':1,'credits':6,'costPence':300}}}""".Replace('\'', '"'),
            string.Concat(kept.AsSpan(0, kept.IndexOf('[', kept.IndexOf("\"rows\"", StringComparison.Ordinal)) + 1), "ROWS]", kept.AsSpan(kept.IndexOf(",\"totals\"", StringComparison.Ordinal))));
        Assert.Equal(
            ["eventId", "kind", "occurredAt", "serviceDate", "staff", "client", "program", "deviceId", "identityNote", "durationMinutes", "credits", "unitPrice", "costPence"],
            json.RootElement.GetProperty("rows")[0].EnumerateObject().Select(field => field.Name));
        Assert.Equal(("2026-08-03T09:00:00Z", "2026-08-03", "0.5"), (
            json.RootElement.GetProperty("rows")[0].GetProperty("occurredAt").GetString(), json.RootElement.GetProperty("rows")[0].GetProperty("serviceDate").GetString(),
            json.RootElement.GetProperty("rows")[0].GetProperty("unitPrice").GetRawText()));
    }

    private async Task<string?> NoticeAsync(string query) => (await _visitor.PageAsync($"/usage-report{query}")).QuerySelector("[data-difference]")?.TextContent;

    private Task<int> ChangeAsync() => RawData.RunAsync(_clinic.Site.DataPath, "UPDATE UsageEvents SET CostPence = CostPence + 100 WHERE EventId = 'A1'");

    /// <summary>A file in the folder is looked at when the database has changed, and every night.</summary>
    private Task<int> TouchAsync() => RawData.RunAsync(_clinic.Site.DataPath, "UPDATE Subscriptions SET LastReportNumber = LastReportNumber + 1");

    private string PathOf(string sha256, string extension = "json") => Path.Combine(_clinic.Site.DataPath, "reports", sha256[..2], $"{sha256}.{extension}");

    private async Task<Verdict> VerifyAsync(Stream pdf)
    {
        await using var scope = _clinic.Site.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<VerifyFile>().RunAsync(pdf, CancellationToken.None);
    }

    private static async Task RefusedAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == HttpStatusCode.Conflict && text.Contains(NotClosedRows, StringComparison.Ordinal), $"{answer.RequestMessage!.RequestUri}: {(int)answer.StatusCode} {text}");
        }
    }
}

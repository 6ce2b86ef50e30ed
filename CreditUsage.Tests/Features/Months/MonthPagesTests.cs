using System.Net;
using AngleSharp.Dom;
using CreditUsage.Data;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Core.Closing;
using CreditUsage.Tests.Features.Credits;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Months;

public sealed class MonthPagesTests(ClosingClinicsSite others) : IClassFixture<ClosingClinicsSite>
{
    private static readonly Dictionary<string, string> WithNote = new() { ["note"] = ClosingClinic.Note };

    [Fact]
    public async Task A_month_is_closed_and_reopened_from_its_page()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        using var finance = await clinic.SignedInAsync(ClosingClinic.Finance);
        var open = await finance.PageAsync("/months/2026-08");
        Assert.Equal(["Met", "Met", "Met", "Met", "Advised"], open.QuerySelectorAll(".checklist li").Select(item => item.GetAttribute("data-outcome")));

        using var without = await finance.PostAsync("/months/2026-08", "/months/2026-08?handler=Close");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, without.StatusCode);
        Assert.Contains("why you are closing the month anyway", (await Visitor.ReadAsync(without)).QuerySelector(".fault-summary")!.TextContent, StringComparison.Ordinal);
        using var closed = await finance.PostAsync("/months/2026-08", "/months/2026-08?handler=Close", WithNote);
        Assert.Equal(HttpStatusCode.Redirect, closed.StatusCode);

        var page = await finance.PageAsync("/months/2026-08");
        Assert.Contains("Closed v1", page.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        Assert.Contains($"Note: {ClosingClinic.Note}", page.QuerySelector("[data-version='1']")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("#reason"));
        using var refused = await finance.PostAsync("/months/2026-08", "/months/2026-08?handler=Reopen", new Dictionary<string, string> { ["reason"] = "Please" });
        Assert.Contains("AccessDenied", refused.Headers.Location!.OriginalString, StringComparison.Ordinal);

        using var administrator = await clinic.SignedInAsync(ClosingClinic.Administrator);
        using var noReason = await administrator.PostAsync("/months/2026-08", "/months/2026-08?handler=Reopen");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, noReason.StatusCode);
        using var reopened = await administrator.PostAsync("/months/2026-08", "/months/2026-08?handler=Reopen", new Dictionary<string, string> { ["reason"] = "A session was forgotten" });
        Assert.Equal(HttpStatusCode.Redirect, reopened.StatusCode);
        var history = (await finance.PageAsync("/months/2026-08")).QuerySelector("[data-version='1']")!.TextContent;
        Assert.Contains($"by {clinic.EmailOf(ClosingClinic.Administrator)}: A session was forgotten", history, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_shows_every_month_with_its_state()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        await clinic.CloseAsync(ClosingClinic.August);
        using var visitor = await clinic.SignedInAsync(ClosingClinic.Auditor);

        var page = await visitor.PageAsync("/months");

        Assert.Equal(["In progress", "Open", "Open", "Closed v1"], page.QuerySelectorAll("tr[data-month]").Select(row => row.Children[1].TextContent));
        Assert.Equal(["0", "1", "6", "6"], page.QuerySelectorAll("tr[data-month]").Select(row => row.Children[4].TextContent));
        Assert.Null(page.QuerySelector("#upTo"));
    }

    [Fact]
    public async Task Several_months_are_closed_in_order_up_to_the_one_chosen()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        using var visitor = await clinic.SignedInAsync(ClosingClinic.Finance);

        using var answer = await visitor.PostAsync("/months", "/months", new Dictionary<string, string> { ["upTo"] = "2026-09", ["note"] = ClosingClinic.Note });

        var page = await Visitor.ReadAsync(answer);
        Assert.Equal("2 months closed.", page.QuerySelector("[role=status].alert-success")!.TextContent);
        Assert.Equal(["In progress", "Open", "Closed v1", "Closed v1"], page.QuerySelectorAll("tr[data-month]").Select(row => row.Children[1].TextContent));
        using var wrong = await visitor.PostAsync("/months", "/months", new Dictionary<string, string> { ["upTo"] = "2026-11", ["note"] = ClosingClinic.Note });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
    }

    [Fact]
    public async Task What_changed_since_a_month_was_closed_is_listed_with_where_it_stands()
    {
        await using var clinic = await ClosingClinic.OpenAsync();
        await clinic.CloseAsync(ClosingClinic.August);
        using var visitor = await Visitor.SignedInAsync(clinic.Site, ClosingClinic.Finance);
        Assert.Contains("No changes.", (await visitor.PageAsync("/months/2026-08")).QuerySelector("section[aria-labelledby=changes]")!.TextContent, StringComparison.Ordinal);
        clinic.Site.Clock.Advance(TimeSpan.FromMinutes(1));
        await clinic.ImportAsync(CsvRow.Session("Late1", "2026-08-10T10:00:00Z", minutes: 10));
        using var corrected = await visitor.PostAsync("/corrections?event=A1", "/corrections?event=A1&handler=Reverse", new Dictionary<string, string> { ["Input.Reason"] = "Typed twice" });
        Assert.Equal(HttpStatusCode.Redirect, corrected.StatusCode);

        var rows = (await visitor.PageAsync("/months/2026-08")).QuerySelectorAll("tr[data-late-event]");

        Assert.Equal(["Connected session|2|£1.00|September 2026", "Connected session, correction: Typed twice|-5|-£2.50|September 2026"], rows.Select(row => string.Join('|', Cells(row, 1, 3, 4, 5))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reopened_month_asks_at_most_nine_times(bool topUpMissing)
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
        clinic.Site.Clock.Advance(TimeSpan.FromMinutes(1));
        await clinic.ImportAsync(CsvRow.Session("Late1", "2026-08-10T10:00:00Z", minutes: 10));
        await clinic.Site.RecordAsync(clinic.Id, Ledgers.Grant("2026-08-11", 7));
        await clinic.Site.RecordAsync(clinic.Id, Ledgers.Purchase("2026-08-12", 2, 50, 4_800, 800, "INV-7"));
        await clinic.ReopenAsync(ClosingClinic.August);
        if (topUpMissing) await ScheduleAsync(clinic, new DateOnly(2026, 8, 20));
        using var visitor = await Visitor.SignedInAsync(clinic.Site, ClosingClinic.Finance);
        await visitor.PageAsync("/months/2026-08");
        log.Clear();

        var page = await visitor.PageAsync("/months/2026-08");

        var commands = log.Commands.Count(command => !command.Sql.Contains("\"AuditEntries\"", StringComparison.Ordinal));
        Assert.InRange(commands, 1, 9);
        Assert.Equal(
            ["Connected session|Late1|2|£1.00|August 2026", "Ledger: grant||7|–|August 2026", "Ledger: purchase, invoice INV-7||100|£48.00|August 2026"],
            page.QuerySelectorAll("section[aria-labelledby=changes] tbody tr").Select(row => string.Join('|', Cells(row, 1, 2, 3, 4, 5))));
        Assert.Equal(topUpMissing, page.QuerySelector(".checklist")!.TextContent.Contains("1 top-up is missing by the schedules", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_rows_of_a_version_come_back_byte_for_byte_and_a_spoilt_file_is_refused()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        var closing = await clinic.CloseAsync(ClosingClinic.August);
        using var visitor = await clinic.SignedInAsync(ClosingClinic.Auditor);

        Assert.Equal(await clinic.FileAsync(closing.RowsSha256, "json"), await visitor.Http.GetByteArrayAsync(new Uri("/months/2026-08/rows/1", UriKind.Relative)));
        using var none = await visitor.GetAsync("/months/2026-08/rows/2");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        await File.AppendAllTextAsync(Path.Combine(clinic.Site.DataPath, "reports", closing.RowsSha256[..2], closing.RowsSha256 + ".json"), " ");
        using var spoilt = await visitor.GetAsync("/months/2026-08/rows/1");
        Assert.Equal(HttpStatusCode.InternalServerError, spoilt.StatusCode);
    }

    [Theory]
    [InlineData("/months/2026-07")]
    [InlineData("/months/2026-12")]
    [InlineData("/months/nonsense")]
    public async Task A_month_that_there_is_not_is_not_found(string path)
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        using var visitor = await clinic.SignedInAsync(ClosingClinic.Finance);
        using var answer = await visitor.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Another_subscription_sees_neither_closings_nor_rows()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        await clinic.CloseAsync(ClosingClinic.August);
        var other = await clinic.Site.SubscriptionAsync("Other", ClosingClinic.August.Start);
        await clinic.Site.UserAsync(other, "finance@other.example", Roles.FinanceAdministrator);
        using var visitor = await Visitor.SignedInAsync(clinic.Site, "finance@other.example");

        Assert.Empty((await visitor.PageAsync("/months/2026-08")).QuerySelectorAll("[data-version]"));
        using var rows = await visitor.GetAsync("/months/2026-08/rows/1");
        Assert.Equal(HttpStatusCode.NotFound, rows.StatusCode);
        using var correction = await visitor.PostAsync("/corrections", "/corrections?event=A1&handler=Reverse", new Dictionary<string, string> { ["Input.Reason"] = "Not mine" });
        Assert.Equal(HttpStatusCode.NotFound, correction.StatusCode);
    }

    private static Task<int> ScheduleAsync(ClosingClinic clinic, DateOnly day) => clinic.InAsync(services =>
    {
        var db = services.GetRequiredService<CreditUsageDb>();
        db.Add(CardSchedule.Of(clinic.Id, "1000", day, day));
        return db.SaveChangesAsync();
    });

    private static IEnumerable<string> Cells(IElement row, params int[] columns) => columns.Select(column => row.Children[column].TextContent.Trim());
}

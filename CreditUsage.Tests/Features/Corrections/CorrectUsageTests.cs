using System.Net;
using System.Text.Json;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Corrections;
using CreditUsage.Platform;
using CreditUsage.Tests.Core.Closing;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Corrections;

public sealed class CorrectUsageTests(ClosingClinicsSite others) : IClassFixture<ClosingClinicsSite>
{
    private const string October = "?year=2026&month=10&sessions=true&topUps=true";

    [Fact]
    public async Task A_reversal_takes_the_whole_event_back_and_leaves_it_as_it_was()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        var before = await clinic.EventAsync("S1");

        var correction = await ReverseAsync(clinic, "S1");

        // 30 minutes are 6 credits, £3.00.
        Assert.Equal((-30, -6, -300, ClosingClinic.September, before.ServiceDate), (correction.DurationMinutes, correction.Credits, correction.CostPence, correction.ReportMonth, correction.ServiceDate));
        var after = await clinic.EventAsync("S1");
        Assert.Equal((before.DurationMinutes, before.Credits, before.CostPence, before.ReportMonth, before.PostedAt, before.IntakeId), (after.DurationMinutes, after.Credits, after.CostPence, after.ReportMonth, after.PostedAt, after.IntakeId));
        // The reason may name a client: it stands with the event and not in the audit, which is never shortened.
        Assert.Equal("Correction | Event S1 | Reversal, -6 credits, shown in September 2026", (await clinic.Site.AuditAsync(clinic.Id))[^1]);
        using var visitor = await clinic.SignedInAsync(ClosingClinic.Finance);
        var page = await visitor.PageAsync("/usage-report?year=2026&month=9&sessions=true&topUps=true");
        Assert.Equal(("1", "0", "0"), page.Total("all"));
        Assert.Contains("1 event and 1 correction", page.QuerySelector(".result-sentence")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("0 minutes", page.QuerySelector("tr[data-total=sessions]")!.Children[1].TextContent);
    }

    [Fact]
    public async Task An_adjustment_is_the_difference_to_what_the_event_should_come_to()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);

        var minutes = await AdjustAsync(clinic, "S1", new AdjustedUsage(12, null, null));
        var credits = await AdjustAsync(clinic, "S1", new AdjustedUsage(null, 10, null));
        var cost = await AdjustAsync(clinic, "S1", new AdjustedUsage(null, null, 1));
        var rest = await ReverseAsync(clinic, "S1");

        // 30 minutes, 6 credits, 300p; then 12 minutes, 3 credits, 150p; then 10 credits, 500p; then 1p; then nothing.
        Assert.Equal(
            [(-18, -3, -150L), (0, 7, 350L), (0, 0, -499L), (-12, -10, -1L)],
            new[] { minutes, credits, cost, rest }.Select(row => (row.DurationMinutes ?? 0, row.Credits, row.CostPence ?? 0)));
    }

    [Fact]
    public async Task A_correction_of_a_closed_month_is_a_marked_row_of_the_open_one_on_page_csv_json_and_paper()
    {
        await using var clinic = await ClosingClinic.OpenAsync(new Site());
        await clinic.CloseAsync(ClosingClinic.August);
        await clinic.CloseAsync(ClosingClinic.September);
        await ReverseAsync(clinic, "A2", "The card was lost");
        using var visitor = await Visitor.SignedInAsync(clinic.Site, ClosingClinic.Finance);

        var page = await visitor.PageAsync("/usage-report" + October);
        Assert.Equal(["Daily top-up, correction of A2 of August 2026: The card was lost", "Connected session"], page.Column(1));
        Assert.Equal(["-1 day", "5 minutes"], page.Column(5));
        Assert.Equal(["-£0.50", "£0.50"], page.Column(7));
        Assert.Equal("-1 day", page.QuerySelector("tr[data-total=top-ups]")!.Children[1].TextContent);

        var csv = (await visitor.Http.GetStringAsync(new Uri("/usage-report/csv" + October, UriKind.Relative))).Split("\r\n");
        Assert.StartsWith("2026-08-31,,Daily top-up,Sam Staff,", csv[1], StringComparison.Ordinal);
        Assert.Contains(",-1,-0.50,correction-", csv[1], StringComparison.Ordinal);
        Assert.EndsWith("correction of A2 of August 2026: The card was lost", csv[1].TrimEnd('"'), StringComparison.Ordinal);

        using var json = JsonDocument.Parse(await visitor.Http.GetStringAsync(new Uri("/usage-report/json" + October, UriKind.Relative)));
        var row = json.RootElement.GetProperty("rows")[0];
        Assert.Equal(("2026-08", "A2", "reversal", "The card was lost"), (Text(row, "belongsTo"), Text(row, "corrects"), Text(row, "correction"), Text(row, "reason")));
        Assert.Equal(-50, row.GetProperty("costPence").GetInt64());
        Assert.False(json.RootElement.GetProperty("rows")[1].TryGetProperty("corrects", out _));

        using var pdf = PdfRead.Open(await visitor.Http.GetByteArrayAsync(new Uri("/usage-report/pdf" + October, UriKind.Relative)));
        Assert.Contains("correctionofA2ofAugust2026:Thecardwaslost", pdf.GetPage(2).Dense((0, 0x64, 0)), StringComparison.Ordinal);
        Assert.Contains("-£0.50", pdf.GetPage(2).Dense(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_correction_never_stands_before_what_it_corrects()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        await clinic.CloseAsync(ClosingClinic.August);
        await clinic.CloseAsync(ClosingClinic.September);
        await clinic.ImportAsync(CsvRow.Session("Late", "2026-08-10T10:00:00Z"));
        await clinic.ReopenAsync(ClosingClinic.September);

        Assert.Equal(ClosingClinic.October, (await clinic.EventAsync("Late")).ReportMonth);
        Assert.Equal(ClosingClinic.October, (await ReverseAsync(clinic, "Late")).ReportMonth);
    }

    [Fact]
    public async Task Credits_that_an_event_stated_stay_when_its_cost_alone_is_adjusted()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        await clinic.ImportAsync(CsvRow.Session("Own", "2026-10-02T09:00:00Z", minutes: 25, credits: "8"));

        Assert.Equal((0, 0, 100), Figures(await AdjustAsync(clinic, "Own", new AdjustedUsage(null, null, 500))));
    }

    [Fact]
    public async Task An_event_is_taken_back_once_however_many_try()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);

        var attempts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Record.ExceptionAsync(() => ReverseAsync(clinic, "S1"))));

        Assert.Equal(1, attempts.Count(problem => problem is null));
        Assert.All(attempts.OfType<Exception>(), problem => Assert.IsType<UserFacingException>(problem));
        Assert.Equal(0, (await clinic.EventsAsync()).Where(usage => usage.ReportMonth == ClosingClinic.September).Sum(usage => usage.Credits));
    }

    [Fact]
    public async Task What_changes_nothing_or_cannot_be_priced_is_refused_in_words()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        await clinic.ImportAsync(CsvRow.Session("Own", "2026-10-02T09:00:00Z", minutes: 10, cost: "7.77"));

        Assert.Contains("already has these figures", await RefusalAsync(() => AdjustAsync(clinic, "S1", new AdjustedUsage(30, null, null))), StringComparison.Ordinal);
        Assert.Contains("Enter the correct cost", await RefusalAsync(() => AdjustAsync(clinic, "Own", new AdjustedUsage(5, null, null))), StringComparison.Ordinal);
        Assert.Contains("no such event", await RefusalAsync(() => ReverseAsync(clinic, "Nothing")), StringComparison.Ordinal);
        var correction = await AdjustAsync(clinic, "S1", new AdjustedUsage(5, null, null));
        Assert.Contains("no such event", await RefusalAsync(() => ReverseAsync(clinic, correction.EventId)), StringComparison.Ordinal);
        Assert.Equal((-5, -1, 100 - 777), Figures(await AdjustAsync(clinic, "Own", new AdjustedUsage(5, null, 100))));
    }

    [Fact]
    public async Task Withheld_money_is_withheld_of_the_reversal_too_until_the_price_is_set()
    {
        await using var clinic = new ClosingClinic { Site = new Site() };
        var id = await clinic.Site.SubscriptionAsync("No price", ClosingClinic.August.Start);
        await clinic.Site.ImportRowsAsync(id, CsvRow.Session("A1", "2026-08-03T09:00:00Z", minutes: 15));
        Task<T> InAsync<T>(Func<IServiceProvider, Task<T>> act) => clinic.Site.InAsync(id, act);

        var reversal = await InAsync(services => services.GetRequiredService<CorrectUsage>().ReverseAsync("A1", "Typed twice", CancellationToken.None));
        Assert.Null(reversal.CostPence);
        // 3 credits at 33.5p are 100.5p: 101 either way round.
        Assert.Equal(2, await clinic.Site.PriceAsync(id, ClosingClinic.August.Start, 335_000));

        Assert.Equal([101L, -101L], await InAsync(services => services.GetRequiredService<CreditUsageDb>().UsageEvents.OrderBy(usage => usage.Id).Select(usage => usage.CostPence ?? 0).ToListAsync()));
    }

    [Fact]
    public async Task From_a_row_of_the_report_a_person_reaches_its_event_and_corrects_it()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        using var visitor = await clinic.SignedInAsync(ClosingClinic.Finance);
        var report = await visitor.PageAsync("/usage-report" + October);
        var link = report.QuerySelector("tr[data-event-id=O1] a")!.GetAttribute("href")!;
        var page = await visitor.PageAsync(link);
        Assert.Equal("Event O1", page.QuerySelector("h1")!.TextContent);
        Assert.Contains("Sam Staff", page.QuerySelector("dl.facts")!.TextContent, StringComparison.Ordinal);

        using var noReason = await visitor.PostAsync(link, link + "&handler=Adjust", new Dictionary<string, string> { ["Input.Minutes"] = "10" });
        var refused = await Visitor.ReadAsync(noReason);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "10"), (noReason.StatusCode, refused.QuerySelector("#minutes")!.GetAttribute("value")));
        using var notANumber = await visitor.PostAsync(link, link + "&handler=Adjust", new Dictionary<string, string> { ["Input.Minutes"] = "ten", ["Input.Reason"] = "Longer" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, notANumber.StatusCode);
        using var done = await visitor.PostAsync(link, link + "&handler=Adjust", new Dictionary<string, string> { ["Input.Minutes"] = "10", ["Input.Reason"] = "It was longer" });
        Assert.Equal((HttpStatusCode.Redirect, link), (done.StatusCode, done.Headers.Location!.OriginalString));

        Assert.Contains("It now comes to 10 minutes, 2 credits and £1.00.", (await visitor.PageAsync(link)).QuerySelector("section[aria-labelledby=corrections]")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("It was longer", (await visitor.PageAsync("/corrections")).QuerySelector("table")!.TextContent, StringComparison.Ordinal);
        using var unknown = await visitor.GetAsync("/corrections?event=nothing");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private static Task<UsageEvent> ReverseAsync(ClosingClinic clinic, string id, string reason = "Typed twice") =>
        clinic.InAsync(services => services.GetRequiredService<CorrectUsage>().ReverseAsync(id, reason, CancellationToken.None));

    private static Task<UsageEvent> AdjustAsync(ClosingClinic clinic, string id, AdjustedUsage adjusted) =>
        clinic.InAsync(services => services.GetRequiredService<CorrectUsage>().AdjustAsync(id, adjusted, "Measured again", CancellationToken.None));

    private static async Task<string> RefusalAsync(Func<Task> act) => (await Assert.ThrowsAsync<UserFacingException>(act)).Message;

    private static (int, int, long) Figures(UsageEvent usage) => (usage.DurationMinutes ?? 0, usage.Credits, usage.CostPence ?? 0);

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();
}

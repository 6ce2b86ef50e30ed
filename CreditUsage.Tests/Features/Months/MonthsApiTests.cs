using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Corrections;
using CreditUsage.Platform.Api;
using CreditUsage.Tests.Features.Deliveries;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Months;

/// <summary>Months, saved reports and single events by the API.</summary>
public sealed class MonthsApiTests
{
    [Fact]
    public async Task A_closed_month_is_given_with_its_version_its_totals_and_its_PDF()
    {
        await using var clinic = await DeliveryClinic.OpenAsync();
        using var reader = await clinic.CallerAsync(ApiScopes.ReadReports);
        Assert.Equal(["2026-11 in progress", "2026-10 open"], (await MonthsAsync(reader)).Select(Line));
        var closing = await clinic.CloseAsync();

        var month = (await MonthsAsync(reader))[1];

        Assert.Equal(("closed", 1, 2, 6L, 300L, closing.PdfSha256, closing.RowsSha256), (
            month.GetProperty("state").GetString(), month.GetProperty("version").GetInt32(), month.GetProperty("events").GetInt32(), month.GetProperty("credits").GetInt64(), month.GetProperty("cost_pence").GetInt64(),
            month.GetProperty("pdf_sha256").GetString(), month.GetProperty("rows_sha256").GetString()));
        var report = Assert.Single((await reader.GetAsync("/api/v1/saved-reports?month=2026-10")).Json.GetProperty("reports").EnumerateArray());
        Assert.Equal((month.GetProperty("saved_report_id").GetString(), closing.PdfSha256), (report.GetProperty("id").GetString(), report.GetProperty("sha256").GetString()));
        var pdf = await reader.Http.GetByteArrayAsync(new Uri($"/api/v1/saved-reports/{report.GetProperty("id").GetString()}/pdf", UriKind.Relative));
        Assert.Equal(closing.PdfSha256, Convert.ToHexStringLower(SHA256.HashData(pdf)));
        (await reader.GetAsync("/api/v1/saved-reports/018f0000-0000-7000-8000-000000000000/pdf")).Refused(HttpStatusCode.NotFound);
        (await reader.GetAsync("/api/v1/saved-reports/x/pdf")).Refused(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_event_is_given_with_its_corrections_and_a_late_one_says_which_month_shows_it()
    {
        await using var clinic = await DeliveryClinic.OpenAsync();
        using var reader = await clinic.CallerAsync(ApiScopes.ReadReports);
        using var writer = await clinic.CallerAsync(ApiScopes.WriteUsage);
        await clinic.CloseAsync();

        var late = await writer.StoreAsync(ApiCaller.Session("L1", "2026-10-20T10:00:00Z"), ApiCaller.Session("L2", "2026-10-21T10:00:00Z"), ApiCaller.Session("N1", "2026-11-01T10:00:00Z"));

        Assert.Equal("""{"accepted":3,"duplicates":0,"late":[{"month":"2026-10","report_month":"2026-11","events":2}]}""", late.Text);
        Assert.Equal("""{"accepted":0,"duplicates":1}""", (await writer.StoreAsync(ApiCaller.Session("L1", "2026-10-20T10:00:00Z"))).Text);
        await clinic.Site.InAsync(clinic.Id, services => services.GetRequiredService<CorrectUsage>().ReverseAsync("L1", "Never was", CancellationToken.None));
        var found = (await reader.GetAsync("/api/v1/usage-events/L1")).Json;
        Assert.Equal(("L1", "2026-11", "2026-11-22T12:00:00Z"), (found.GetProperty("event").GetProperty("event_id").GetString(), found.GetProperty("event").GetProperty("report_month").GetString(), found.GetProperty("event").GetProperty("received_at").GetString()));
        var correction = Assert.Single(found.GetProperty("corrections").EnumerateArray());
        Assert.Equal(("reversal", "Never was", -5), (correction.GetProperty("correction").GetString(), correction.GetProperty("reason").GetString(), correction.GetProperty("credits").GetInt32()));
        Assert.Equal("L1", (await reader.GetAsync($"/api/v1/usage-events/{correction.GetProperty("event_id").GetString()}")).Json.GetProperty("event").GetProperty("corrects").GetString());
        (await reader.GetAsync("/api/v1/usage-events/nothing")).Refused(HttpStatusCode.NotFound);
        Assert.Equal(UsageKinds.ConnectedSession, found.GetProperty("event").GetProperty("kind").GetString());
    }

    [Fact]
    public async Task A_month_is_closed_by_a_key_of_that_permission_as_on_its_page()
    {
        await using var clinic = await DeliveryClinic.OpenAsync();
        using var closer = await clinic.CallerAsync(ApiScopes.CloseMonths);
        using var reader = await clinic.CallerAsync(ApiScopes.ReadReports);

        (await CloseAsync(reader, "2026-10", "{}")).Refused(HttpStatusCode.Forbidden);
        foreach (var (month, status) in new[] { ("2026-09", HttpStatusCode.NotFound), ("2026-13", HttpStatusCode.NotFound), ("2026-11", HttpStatusCode.Conflict) }) (await CloseAsync(closer, month, "{}")).Refused(status);
        (await CloseAsync(closer, "2026-10", "{\"note\":")).Refused(HttpStatusCode.BadRequest);
        (await CloseAsync(closer, "2026-10", "{\"because\":\"x\"}")).Refused(HttpStatusCode.BadRequest);
        // Days of October have no usage, which is a thing to look at.
        Assert.Contains("enter a note", (await CloseAsync(closer, "2026-10", "{}")).Refused(HttpStatusCode.Conflict).Text, StringComparison.Ordinal);
        Assert.Equal("2026-10 open", Line((await MonthsAsync(reader))[1]));
        var closed = await CloseAsync(closer, "2026-10", """{"note":"A quiet month"}""");
        var again = await CloseAsync(closer, "2026-10", "{}");

        Assert.Equal((HttpStatusCode.OK, "2026-10 closed", HttpStatusCode.OK), (closed.Status, Line(closed.Json), again.Status));
        Assert.Equal(((await MonthsAsync(reader))[1].GetRawText(), closed.Text), (closed.Text, again.Text));
        var closing = await clinic.Site.InAsync(clinic.Id, services => services.GetRequiredService<CreditUsageDb>().MonthClosings.SingleAsync());
        Assert.Equal((1, "A quiet month", $"key {ApiScopes.CloseMonths}"), (closing.Version, closing.Note, closing.ClosedBy));
    }

    [Fact]
    public async Task What_a_key_reads_is_one_entry_of_the_audit_a_minute_which_its_page_leaves_out_on_request()
    {
        await using var clinic = await DeliveryClinic.OpenAsync();
        using var reader = await clinic.CallerAsync(ApiScopes.ReadReports);
        for (var times = 0; times < 3; times++) await reader.GetAsync("/api/v1/usage-events?month=2026-10");
        await reader.GetAsync("/api/v1/balance");
        using var auditor = await Visitor.SignedInAsync(clinic.Site, DeliveryClinic.Auditor);
        Assert.DoesNotContain("Read by API", await ActionsAsync(auditor, ""));

        clinic.Site.Clock.Advance(TimeSpan.FromMinutes(1));

        var entry = Assert.Single((await auditor.PageAsync("/audit?action=ApiRead")).QuerySelectorAll("tr[data-entry]"));
        Assert.Equal(("key reports:read", "Events of October 2026 (3 times); Balance"), (entry.Children[2].TextContent, entry.Children[5].TextContent));
        Assert.Contains("Read by API", await ActionsAsync(auditor, ""));
        var without = await ActionsAsync(auditor, "?withoutApi=true");
        Assert.NotEmpty(without);
        Assert.DoesNotContain("Read by API", without);
        Assert.DoesNotContain("Read by API", (await (await auditor.GetAsync("/audit/csv?withoutApi=true")).Content.ReadAsStringAsync()), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> ActionsAsync(Visitor auditor, string query) =>
        [.. (await auditor.PageAsync("/audit" + query)).QuerySelectorAll("tr[data-entry]").Select(row => row.Children[3].TextContent)];

    private static string Line(JsonElement month) => $"{month.GetProperty("month").GetString()} {month.GetProperty("state").GetString()}";

    private static async Task<ApiReply> CloseAsync(ApiCaller caller, string month, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/months/{month}/close") { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        return await caller.SendAsync(request);
    }

    private static async Task<IReadOnlyList<JsonElement>> MonthsAsync(ApiCaller reader) => [.. (await reader.GetAsync("/api/v1/months")).Json.GetProperty("months").EnumerateArray()];
}

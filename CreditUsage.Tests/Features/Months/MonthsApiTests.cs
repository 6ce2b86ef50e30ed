using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.ApiKeys;
using CreditUsage.Features.Corrections;
using CreditUsage.Platform.Api;
using CreditUsage.Tests.Features.Deliveries;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Months;

/// <summary>Months, saved reports and single events by the API.</summary>
public sealed class MonthsApiTests
{
    [Fact]
    public async Task A_closed_month_is_given_with_its_version_its_totals_and_its_PDF()
    {
        await using var clinic = await DeliveryClinic.OpenAsync();
        using var reader = await CallerAsync(clinic, ApiScopes.ReadReports);
        Assert.Equal(["2026-11 in progress", "2026-10 open"], (await MonthsAsync(reader)).Select(month => $"{month.GetProperty("month").GetString()} {month.GetProperty("state").GetString()}"));
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
        using var reader = await CallerAsync(clinic, ApiScopes.ReadReports);
        using var writer = await CallerAsync(clinic, ApiScopes.WriteUsage);
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

    private static async Task<IReadOnlyList<JsonElement>> MonthsAsync(ApiCaller reader) => [.. (await reader.GetAsync("/api/v1/months")).Json.GetProperty("months").EnumerateArray()];

    private static async Task<ApiCaller> CallerAsync(DeliveryClinic clinic, string scope)
    {
        var (secret, faults) = await clinic.Site.InAsync(clinic.Id, services =>
        {
            var create = services.GetRequiredService<CreateApiKey>();
            return create.RunAsync(scope, scope, create.Today.AddDays(30), CancellationToken.None);
        });
        Assert.Empty(faults);
        return new ApiCaller(clinic.Site, clinic.Id, secret!.Text);
    }
}

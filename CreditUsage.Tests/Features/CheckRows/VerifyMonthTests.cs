using System.Net;
using AngleSharp.Dom;
using CreditUsage.Features.Corrections;
using CreditUsage.Tests.Features.Savings;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.CheckRows;

/// <summary>Every event of a month, worked out anew.</summary>
[Collection(ClinicsCollection.Name)]
public sealed class VerifyMonthTests(Clinics clinics)
{
    private const string October = "/usage-report/rows-verified?year=2026&month=10";

    [Fact]
    public async Task Every_month_of_the_real_clinic_agrees_and_adds_up_to_what_other_code_counted()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        foreach (var month in SharedData.Totals("usage-totals.csv").GroupBy(total => total.Month))
        {
            var page = await finance.PageAsync($"/usage-report/rows-verified?year={month.Key[..4]}&month={int.Parse(month.Key[5..])}");
            var said = page.QuerySelector("[data-verified=agrees]")!.TextContent;

            Assert.Contains($"All {month.Sum(total => total.Events):N0} events are right.", said, StringComparison.Ordinal);
            Assert.Contains($"£{month.Sum(total => total.CostPence) / 100m:N2}", said, StringComparison.Ordinal);
            // The file states the cost of each, and no price is set to compare it with.
            Assert.Equal($"{month.Sum(total => total.Events)}", page.QuerySelector("[data-stated]")!.GetAttribute("data-stated"));
        }
    }

    [Fact]
    public async Task What_states_its_own_credits_or_cost_keeps_it_and_is_told_apart()
    {
        await using var clinic = await InsightSite.OpenAsync();
        await clinic.ImportAsync(
            CsvRow.Session("S1", "2026-10-01T09:00:00Z", minutes: 11), CsvRow.Session("S2", "2026-10-02T09:00:00Z", minutes: 11, credits: "7"), CsvRow.Session("S3", "2026-10-03T09:00:00Z", minutes: 11, cost: "1.00"),
            CsvRow.Session("S4", "2026-10-04T09:00:00Z", minutes: 11, cost: "1.35"), CsvRow.TopUp("T1", "2026-10-05"), CsvRow.TopUp("T2", "2026-10-06", credits: "2"));
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        var page = await finance.PageAsync(October);

        Assert.Contains("All 6 events are right.", page.QuerySelector("[data-verified=agrees]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("2", page.QuerySelector("[data-stated]")!.GetAttribute("data-stated"));
        Assert.Equal(["S2", "S3", "T2"], Rows(page, "kept").Keys);
        Assert.Contains("import set 7 credits; 11 minutes come to 3", Rows(page, "kept")["S2"], StringComparison.Ordinal);
        Assert.Contains("import set £1.00; 3 credits at £0.45 come to £1.35", Rows(page, "kept")["S3"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_was_changed_behind_the_sites_back_is_shown_with_its_reason()
    {
        await using var clinic = await InsightSite.OpenAsync();
        await clinic.ImportAsync(
            CsvRow.Session("S1", "2026-10-01T09:00:00Z", minutes: 11), CsvRow.Session("S2", "2026-10-02T09:00:00Z", minutes: 11), CsvRow.Session("S3", "2026-10-03T09:00:00Z", minutes: 11), CsvRow.TopUp("T1", "2026-10-04"));
        await clinic.TamperAsync($"UPDATE UsageEvents SET CostPence = 134 WHERE EventId = 'S1'");
        await clinic.TamperAsync($"UPDATE UsageEvents SET UnitPriceMicros = 400000, CostPence = 120 WHERE EventId = 'S2'");
        await clinic.TamperAsync($"UPDATE UsageEvents SET UnitPriceMicros = NULL, CostPence = NULL WHERE EventId = 'T1'");
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        var page = await finance.PageAsync(October);

        Assert.Contains("3 rows are wrong, of 4 events.", page.QuerySelector("[data-verified=differs]")!.TextContent, StringComparison.Ordinal);
        var wrong = Rows(page, "wrong");
        Assert.Equal(["S1", "S2", "T1"], wrong.Keys);
        Assert.Contains("It costs £1.34, but 3 credits at £0.45 come to £1.35.", wrong["S1"], StringComparison.Ordinal);
        Assert.Contains("It was priced at £0.40, but that day's price is £0.45.", wrong["S2"], StringComparison.Ordinal);
        Assert.Contains("no cost, but that day's price is £0.45", wrong["T1"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fractions_of_a_penny_are_rounded_half_away_from_zero()
    {
        await using var clinic = await InsightSite.OpenAsync(priced: false);
        await clinic.Site.PriceAsync(clinic.Clinic, new DateOnly(2026, 1, 1), 525_000);
        // 52.5p is 53p; three of them are 157.5p, which is 158p.
        await clinic.ImportAsync(CsvRow.TopUp("T1", "2026-10-04"), CsvRow.Session("S1", "2026-10-01T09:00:00Z", minutes: 15));
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        Assert.Contains("All 2 events are right. They add up to 4 credits and £2.11", Dense(await finance.PageAsync(October)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Corrections_are_held_to_their_sign_and_to_what_is_left()
    {
        await using var clinic = await InsightSite.OpenAsync();
        await clinic.ImportAsync(CsvRow.Session("S1", "2026-10-01T09:00:00Z", minutes: 11), CsvRow.Session("S2", "2026-10-02T09:00:00Z", minutes: 25), CsvRow.Session("S3", "2026-10-03T09:00:00Z", minutes: 25));
        await clinic.ReverseAsync("S1");
        await clinic.InAsync(services => services.GetRequiredService<CorrectUsage>().AdjustAsync("S2", new AdjustedUsage(12, null, null), "Ended early", CancellationToken.None));
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);
        Assert.Contains("All 3 events and 2 corrections are right.", Dense(await finance.PageAsync(October)), StringComparison.Ordinal);

        var reversal = await clinic.ReverseAsync("S3");
        await clinic.TamperAsync($"UPDATE UsageEvents SET Credits = 5, CostPence = 225 WHERE EventId = {reversal.EventId}");
        var page = await finance.PageAsync(October);
        Assert.Contains("its sign is wrong", Assert.Single(Rows(page, "wrong")).Value, StringComparison.Ordinal);

        await clinic.TamperAsync($"UPDATE UsageEvents SET Credits = -4, CostPence = -180 WHERE EventId = {reversal.EventId}");
        page = await finance.PageAsync(October);
        Assert.Contains("leaves part of its event", Assert.Single(Rows(page, "wrong")).Value, StringComparison.Ordinal);

        await clinic.TamperAsync($"UPDATE UsageEvents SET Credits = -6, CostPence = -270 WHERE EventId = {reversal.EventId}");
        page = await finance.PageAsync(October);
        Assert.Contains("It takes off more than the event had.", Assert.Single(Rows(page, "wrong")).Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_price_credits_alone_are_compared()
    {
        await using var clinic = await InsightSite.OpenAsync(priced: false);
        await clinic.ImportAsync(CsvRow.Session("S1", "2026-10-01T09:00:00Z"), CsvRow.TopUp("T1", "2026-10-01"));
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        var page = await finance.PageAsync(October);

        Assert.Equal("2", page.QuerySelector("[data-withheld]")!.GetAttribute("data-withheld"));
        Assert.NotNull(page.QuerySelector("[data-verified=agrees]"));
    }

    [Fact]
    public async Task A_month_without_usage_has_nothing_to_verify_and_another_subscription_sees_none_of_it()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.EmptyFinance);

        Assert.Contains("There is nothing to check in this month.", Dense(await finance.PageAsync(October)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_month_that_there_is_not_is_refused()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);

        using var answer = await finance.GetAsync("/usage-report/rows-verified?year=2020&month=1");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.NotNull((await Visitor.ReadAsync(answer)).QuerySelector(".fault-summary a[href='#month']"));
    }

    [Fact]
    public async Task The_report_of_a_month_leads_there()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);

        Assert.NotNull((await finance.PageAsync("/usage-report?year=2026&month=10&sessions=true")).QuerySelector("#usage-results a[href='/usage-report/rows-verified?year=2026&month=10']"));
    }

    private static Dictionary<string, string> Rows(IParentNode page, string verdict) =>
        page.QuerySelectorAll($"tr[data-verdict={verdict}]").ToDictionary(row => row.GetAttribute("data-event")!, row => row.TextContent);

    private static string Dense(IDocument page) => string.Join(' ', page.QuerySelector("main")!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

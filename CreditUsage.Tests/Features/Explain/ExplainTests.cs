using System.Globalization;
using System.Net;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Core.Report;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Features.Explain;

/// <summary>Every total opens what it is made up of, and charts show the same figures.</summary>
[Collection(ClinicsCollection.Name)]
public sealed class ExplainTests(Clinics clinics)
{
    [Fact]
    public async Task A_total_is_credits_times_price_rounded_for_each_event()
    {
        var clinic = await clinics.Site.SubscriptionAsync("Explained", new DateOnly(2026, 1, 1));
        await clinics.Site.UserAsync(clinic, "finance@explained.example", Roles.FinanceAdministrator);
        await clinics.Site.PriceAsync(clinic, new DateOnly(2026, 1, 1), 405_000);
        await clinics.Site.ImportRowsAsync(
            clinic,
            CsvRow.Line("A1", "connected-session", "2026-08-03T09:00:00Z", "S1", "Mary", "C1", "Ann", "Sleep", "", "", "15", "", ""),
            CsvRow.Line("A2", "connected-session", "2026-08-04T09:00:00Z", "S1", "Mary", "C1", "Ann", "Sleep", "", "", "5", "", ""),
            CsvRow.Line("A3", "connected-session", "2026-08-05T09:00:00Z", "S1", "Mary", "C1", "Ann", "Sleep", "", "", "5", "1", "9.99"));
        using var finance = await Visitor.SignedInAsync(clinics.Site, "finance@explained.example");
        var report = await finance.PageAsync("/usage-report?year=2026&month=8&sessions=true");
        var page = await finance.PageAsync(report.QuerySelector("tr[data-total=all] a")!.GetAttribute("href")!);
        var prices = page.QuerySelectorAll("#by-price tbody tr").Select(row => string.Join('|', row.Children.Select(cell => cell.TextContent.Trim())));
        Assert.Equal(["£0.405|2|4|£1.62|£0.01|£1.63", "Set in the import|1|1|–|–|£9.99"], prices);
        Assert.Equal("1162", page.QuerySelector("#by-price tr[data-total=all]")!.GetAttribute("data-cost-pence"));
        Assert.Equal(["£1.215", "£0.405", "–"], page.QuerySelectorAll("#row-by-row tbody tr").Select(row => row.Children[7].TextContent));
        var row = await finance.PageAsync(page.QuerySelector("#row-by-row tbody a")!.GetAttribute("href")!);
        Assert.Contains("Counted in", row.QuerySelector("dl.facts")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_charts_tables_have_the_files_figures()
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        const string charts = "/usage-report/pictures?year=2026&month=9&sessions=true&topUps=true";
        var page = await finance.PageAsync(charts);
        var september = RealUsage.Of("2026-09");
        Assert.Equal(Enumerable.Range(0, 26).Select(back => RealUsage.Pence(RealUsage.Of(new DateOnly(2026, 9, 1).AddMonths(back - 25).ToString("yyyy-MM", CultureInfo.InvariantCulture)))), Values("months"));
        Assert.Equal(september.GroupBy(row => row[RealUsage.OccurredAt][..10]).OrderBy(day => day.Key, StringComparer.Ordinal).Select(RealUsage.Pence), Values("days"));
        Assert.Equal(september.GroupBy(row => row[RealUsage.StaffId]).Select(RealUsage.Pence).OrderDescending(), Values("staff"));
        Assert.Equal(september.GroupBy(row => row[RealUsage.Program]).Select(RealUsage.Pence).OrderDescending(), Values("programs"));
        Assert.Equal(september.Count(row => row[RealUsage.DeviceId].Length > 0), page.QuerySelectorAll("#devices table tbody tr").Sum(row => row.Children[^1].TextContent is { Length: > 0 } days ? int.Parse(days, CultureInfo.InvariantCulture) : 0));
        Assert.Equal(2, page.QuerySelectorAll("svg[role=group]").Length);
        Assert.All(page.QuerySelectorAll("svg[role=group]"), chart => Assert.Contains("the largest is", chart.QuerySelector("desc")!.TextContent, StringComparison.Ordinal));
        // Each bar leads to its report and says its figure; the chosen month is marked.
        var first = page.QuerySelectorAll("#days .chart-plot a")[0];
        var (sessions, topUps) = (Pence("2026-09-01", session: true), Pence("2026-09-01", session: false));
        Assert.Equal(
            ("/usage-report?year=2026&month=9&sessions=true&topUps=true&from=2026-09-01&to=2026-09-01", $"01/09/2026: {RealUsage.Pounds(sessions + topUps)} (sessions {RealUsage.Pounds(sessions)}, top-ups {RealUsage.Pounds(topUps)})"),
            (first.GetAttribute("href"), first.GetAttribute("aria-label")));
        Assert.StartsWith("September 2026: £", Assert.Single(page.QuerySelectorAll("#months .chart-plot a[aria-current=true]")).GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.Equal(8, page.QuerySelectorAll("#days .chart-weekend").Length);

        page = await finance.PageAsync(Assert.Single(page.QuerySelectorAll(".btn-group a"), unit => unit.TextContent == "Credits").GetAttribute("href")!);
        Assert.Equal(charts + "&unit=credits", page.QuerySelector(".btn-group a[aria-current=true]")!.GetAttribute("href"));
        Assert.Equal(RealUsage.CreditsOf(september), Values("months")[^1]);
        Assert.Equal(september.GroupBy(row => row[RealUsage.StaffId]).Select(RealUsage.CreditsOf).OrderDescending(), Values("staff"));
        using var refused = await finance.GetAsync(charts + "&unit=dollars");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);

        long Pence(string day, bool session) => RealUsage.Pence(september.Where(row => row[RealUsage.OccurredAt].StartsWith(day, StringComparison.Ordinal) && row[RealUsage.DeviceId].Length == 0 == session));

        List<long> Values(string chart) => [.. page.QuerySelectorAll($"#{chart} tr[data-value]").Select(row => long.Parse(row.GetAttribute("data-value")!, CultureInfo.InvariantCulture))];
    }
}

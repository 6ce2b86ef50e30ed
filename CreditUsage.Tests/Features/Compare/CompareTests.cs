using System.Globalization;
using System.Net;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Core.Report;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Features.Compare;

/// <summary>Two months beside each other: the difference, and how it splits into price and use, to the penny.</summary>
[Collection(ClinicsCollection.Name)]
public sealed class CompareTests(Clinics clinics)
{
    [Theory]
    [InlineData("staff", RealUsage.StaffId)]
    [InlineData("client", RealUsage.ClientId)]
    [InlineData("program", RealUsage.Program)]
    [InlineData("kind", RealUsage.Kind)]
    public async Task The_differences_are_the_files(string by, int field)
    {
        var (before, now) = (RealUsage.Of("2025-09"), RealUsage.Of("2026-09"));
        var expected = before.Concat(now).Select(row => row[field]).Distinct().Select(key => RealUsage.Pence(now.Where(row => row[field] == key)) - RealUsage.Pence(before.Where(row => row[field] == key))).Order();
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        var page = await finance.PageAsync($"/usage-report/compare?year=2026&month=9&sessions=true&topUps=true&with=last-year&groupBy={by}");
        var groups = page.QuerySelectorAll("tr[data-compared=group]");
        Assert.Equal(expected, groups.Select(row => Pence(row, "cost")).Order());
        var total = page.QuerySelector("tr[data-compared=total]")!;
        Assert.Equal(RealUsage.Pence(now) - RealUsage.Pence(before), Pence(total, "cost"));
        Assert.Equal(Pence(total, "cost"), Pence(total, "price") + Pence(total, "use"));
        foreach (var part in new[] { "cost", "price", "use" }) Assert.Equal(Pence(total, part), groups.Sum(row => Pence(row, part)));
    }

    [Fact]
    public async Task A_dearer_credit_is_price_and_a_longer_session_is_use()
    {
        var clinic = await clinics.Site.SubscriptionAsync("Compared", new DateOnly(2026, 1, 1));
        await clinics.Site.UserAsync(clinic, "finance@compared.example", Roles.FinanceAdministrator);
        await clinics.Site.PriceAsync(clinic, new DateOnly(2026, 1, 1), 405_000);
        await clinics.Site.PriceAsync(clinic, new DateOnly(2026, 9, 1), 455_000);
        await clinics.Site.ImportRowsAsync(
            clinic,
            CsvRow.Line("A1", "connected-session", "2026-08-03T09:00:00Z", "S1", "Mary", "C1", "Ann", "Sleep", "", "", "15", "", ""),
            CsvRow.Line("A2", "connected-session", "2026-08-31T09:00:00Z", "S2", "Gone", "C1", "Ann", "Sleep", "", "", "5", "", ""),
            CsvRow.Line("B1", "connected-session", "2026-09-03T09:00:00Z", "S1", "Mary", "C1", "Ann", "Sleep", "", "", "25", "", ""),
            CsvRow.Line("B2", "connected-session", "2026-09-04T09:00:00Z", "S3", "New", "C1", "Ann", "Sleep", "", "", "5", "", ""));
        using var finance = await Visitor.SignedInAsync(clinics.Site, "finance@compared.example");
        var page = await finance.PageAsync("/usage-report/compare?year=2026&month=9&sessions=true");
        var rows = page.QuerySelectorAll("tr[data-compared]").ToDictionary(row => row.QuerySelector("th")!.TextContent, row => (row.Children[1].TextContent, Pence(row, "cost"), Pence(row, "price"), Pence(row, "use")));
        // 3 credits at 40.5p are 122p (121.5 rounded up), 5 at 45.5p are 228p (227.5), and 5 at 40.5p would have been 203p (202.5): 25p are price, 81p use.
        Assert.Equal(("Changed", 106, 25, 81), rows["Mary"]);
        // One credit at 45.5p is 46p (45.5), at 40.5p it would have been 41p (40.5).
        Assert.Equal(("Came", 46, 5, 41), rows["New"]);
        Assert.Equal(("Went", -41, 0, -41), rows["Gone"]);
        Assert.Equal(("Changed", 111, 30, 81), rows["Total"]);
        Assert.Contains("£1.11 more than August 2026: +£0.30 due to price and +£0.81 due to usage", page.QuerySelector(".result-sentence")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("&with=2031-01")]
    [InlineData("&with=yesterday")]
    [InlineData("&groupBy=day")]
    [InlineData("&month=13")]
    public async Task What_cannot_be_compared_is_refused_in_words(string wrong)
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        using var answer = await finance.GetAsync("/usage-report/compare?year=2026&sessions=true" + (wrong.StartsWith("&month", StringComparison.Ordinal) ? "" : "&month=9") + wrong);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("There is a problem", (await Visitor.ReadAsync(answer)).QuerySelector(".fault-summary h2")!.TextContent);
    }

    private static long Pence(AngleSharp.Dom.IElement row, string of) => long.Parse(row.GetAttribute($"data-{of}-pence")!, CultureInfo.InvariantCulture);
}

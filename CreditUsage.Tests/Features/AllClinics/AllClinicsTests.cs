using System.Globalization;
using System.Net;
using AngleSharp.Dom;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Core.Closing;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.AllClinics;

/// <summary>The page of a group's finance person: a clinic with closed months and one with a month without a price, and what is not hers.</summary>
public sealed class AllClinicsTests : IAsyncLifetime
{
    private const string Person = "group@clinics.example";

    private ClosingClinic _first = null!;
    private int _second, _audited;

    private Site Site => _first.Site;

    public async Task InitializeAsync()
    {
        _first = await ClosingClinic.OpenAsync();
        await _first.ImportAsync(CsvRow.Session("N1", "2026-11-02T09:00:00Z", minutes: 25), CsvRow.Session("N2", "2026-11-21T09:00:00Z", minutes: 7));
        _second = await Site.SubscriptionAsync("Another Clinic", new DateOnly(2026, 10, 1));
        await Site.PriceAsync(_second, new DateOnly(2026, 10, 1), 450_000);
        Assert.True((await Site.ImportRowsAsync(_second, CsvRow.Session("O1", "2026-10-05T09:00:00Z", minutes: 35), CsvRow.TopUp("N1", "2026-11-01"))).Stored);
        _audited = await Site.SubscriptionAsync("Read Clinic", new DateOnly(2026, 1, 1));
        await Site.UserAsync(_first.Id, Person, Roles.FinanceAdministrator);
        foreach (var (clinic, role) in new[] { (_second, Roles.Administrator), (_audited, Roles.Auditor) })
            Assert.True(await Site.InAsync(clinic, services => services.GetRequiredService<CreateUser>().AddAsync(Person, role, CancellationToken.None)));
    }

    public Task DisposeAsync() => _first.DisposeAsync().AsTask();

    [Fact]
    public async Task Each_clinics_figures_are_those_of_its_own_pages_and_the_totals_their_sums()
    {
        using var visitor = await Visitor.SignedInAsync(Site, Person);
        Assert.Equal("Ready to close", Rows(await visitor.PageAsync("/clinics"))[_second][4]);
        foreach (var month in new[] { ClosingClinic.August, ClosingClinic.September, ClosingClinic.October }) await _first.CloseAsync(month);
        var page = await visitor.PageAsync("/clinics");
        var rows = Rows(page);

        Assert.Equal([_second, _first.Id], rows.Keys);
        var (soFar, last) = (0L, 0L);
        foreach (var (clinic, row) in rows)
        {
            await EnterAsync(visitor, clinic);
            var home = await visitor.PageAsync("/dashboard");
            var (now, complete, left) = (home.QuerySelector("#so-far")!.ParentElement!.QuerySelector("[data-cost-pence]")!, home.QuerySelector("[data-last]")!, home.QuerySelector("[data-available]")!);
            Assert.Equal([Number(now, "credits"), Pounds(now), Number(complete, "credits"), Pounds(complete)], row[..4]);
            Assert.Equal(Number(left, "available"), row[5]);
            var runsOut = home.QuerySelector("[data-runs-out]")?.GetAttribute("data-runs-out");
            Assert.Equal(runsOut is null ? "Not within two years" : DateOnly.ParseExact(runsOut, "yyyy-MM-dd", CultureInfo.InvariantCulture).ToString("dd/MM/yyyy", CultureInfo.InvariantCulture), row[6]);
            soFar += long.Parse(now.GetAttribute("data-cost-pence")!, CultureInfo.InvariantCulture);
            last += long.Parse(complete.GetAttribute("data-cost-pence")!, CultureInfo.InvariantCulture);
        }
        Assert.Equal(("Closed v1", "£3.50"), (rows[_first.Id][4], rows[_first.Id][1]));
        Assert.Equal(($"{soFar}", $"{last}"), (page.QuerySelector("[data-total-so-far]")!.GetAttribute("data-total-so-far"), page.QuerySelector("[data-total-last]")!.GetAttribute("data-total-last")));
        Assert.Contains("since you are an Auditor there: Read Clinic.", page.QuerySelector("[data-audited]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_link_opens_the_report_in_the_clinic_and_money_that_is_withheld_is_not_summed()
    {
        using var visitor = await Visitor.SignedInAsync(Site, Person);
        using (var opened = await visitor.PostAsync("/clinics", "/clinics?handler=Enter", new Dictionary<string, string> { ["clinic"] = $"{_second}", ["month"] = "2026-10" }))
        {
            var report = await visitor.PageAsync(opened.Headers.Location!.OriginalString);
            Assert.Equal("Another Clinic", report.QuerySelector("header .clinic-name")!.TextContent);
            Assert.Contains("£3.15", report.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        }
        var unpriced = await Site.SubscriptionAsync("Unpriced Clinic", new DateOnly(2026, 11, 1));
        Assert.True((await Site.ImportRowsAsync(unpriced, CsvRow.Session("U1", "2026-11-05T09:00:00Z", minutes: 35))).Stored);
        await Site.InAsync(unpriced, services => services.GetRequiredService<CreateUser>().AddAsync(Person, Roles.FinanceAdministrator, CancellationToken.None));
        var page = await visitor.PageAsync("/clinics");
        Assert.Equal(["7", "–", "–", "–", "Not begun"], Rows(page)[unpriced][..5]);
        Assert.Equal("–", page.QuerySelector("[data-total-so-far]")!.TextContent);
        Assert.NotEqual("–", page.QuerySelector("[data-total-last]")!.TextContent);
    }

    [Fact]
    public async Task Whoever_has_one_clinic_sees_that_one_and_no_switch()
    {
        using var visitor = await Visitor.SignedInAsync(Site, ClosingClinic.Finance);
        var page = await visitor.PageAsync("/clinics");
        Assert.Equal([_first.Id], Rows(page).Keys);
        Assert.Null(page.QuerySelector("#clinic-menu, nav a[href='/clinics']"));
        Assert.Null(page.Body!.GetAttribute("hx-headers"));
    }

    private static async Task EnterAsync(Visitor visitor, int clinic)
    {
        using var entered = await visitor.PostAsync("/clinics", "/clinics?handler=Enter", new Dictionary<string, string> { ["clinic"] = $"{clinic}" });
        Assert.Equal(HttpStatusCode.Redirect, entered.StatusCode);
    }

    /// <summary>The cells after the name, by clinic.</summary>
    private static Dictionary<int, string[]> Rows(IParentNode page) => page.QuerySelectorAll("tr[data-clinic]").ToDictionary(
        row => int.Parse(row.GetAttribute("data-clinic")!, CultureInfo.InvariantCulture), row => row.QuerySelectorAll("td").Select(cell => cell.TextContent.Trim()).ToArray());

    private static string Number(IElement of, string name) => long.Parse(of.GetAttribute("data-" + name)!, CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture);

    private static string Pounds(IElement of) => string.Create(CultureInfo.InvariantCulture, $"£{long.Parse(of.GetAttribute("data-cost-pence")!, CultureInfo.InvariantCulture) / 100m:N2}");
}

using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Platform.Security;

/// <summary>Who may not do a thing is told who can, and sees neither a form for it nor a setting's name.</summary>
[Collection(ClinicsCollection.Name)]
public sealed class WhoCanTests(Clinics clinics)
{
    private const string Finance = "A Finance Administrator or an Administrator of your clinic can ";
    private const string Administrator = "An Administrator of your clinic can ";

    [Theory]
    [InlineData("/alerts", Finance + "set alerts and budgets.")]
    [InlineData("/deliveries", Finance + "change the recipients.")]
    [InlineData("/usage-report/accounting?year=2026&month=9", Finance + "choose them.")]
    [InlineData("/credits", Finance + "record purchases, grants and adjustments.")]
    [InlineData("/credits/proof", Finance + "reconcile the balance.")]
    [InlineData("/credits/prices", Administrator + "set prices.")]
    [InlineData("/schedules", Administrator + "choose where top-ups are charged.")]
    [InlineData("/months", Finance + "close months.")]
    [InlineData("/imports", Finance + "upload files.")]
    [InlineData("/usage-report/jobs", Finance + "generate reports.")]
    [InlineData("/usage-report/views", Finance + "save views.")]
    [InlineData("/usage-report/billback?year=2026&month=9&sessions=true&topUps=true&by=staff", Finance + "save a billback PDF.")]
    public async Task An_Auditor_is_told_who_can(string path, string sentence)
    {
        using var auditor = await Visitor.SignedInAsync(clinics.Site, Clinics.Auditor);
        var page = await auditor.PageAsync(path);
        Assert.Contains(page.QuerySelectorAll("[data-who-can]"), told => told.TextContent.EndsWith(sentence, StringComparison.Ordinal));
        Assert.Empty(page.QuerySelectorAll("main form[method=post]"));
        Assert.DoesNotContain("CreditUsage__", page.Body!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/alerts?add=MonthAbove")]
    [InlineData("/deliveries")]
    [InlineData("/usage-report/accounting?year=2026&month=9")]
    public async Task A_Finance_Administrator_has_the_forms_of_her_work(string path)
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        var page = await finance.PageAsync(path);
        Assert.NotEmpty(page.QuerySelectorAll("main form[method=post]"));
        Assert.Empty(page.QuerySelectorAll("[data-who-can]"));
    }

    [Theory]
    [InlineData("/users")]
    [InlineData("/api-keys")]
    public async Task A_Finance_Administrator_is_told_that_an_Administrator_keeps_users_and_keys(string path)
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        using var denied = await finance.GetAsync(path);
        var page = await finance.PageAsync(denied.Headers.Location!.OriginalString);
        Assert.Contains("An Administrator of your clinic can do this.", page.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }
}

using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Features.Shared;

/// <summary>A list without anything in it says what it is for and offers the one thing to do.</summary>
[Collection(ClinicsCollection.Name)]
public sealed class EmptyStateTests(Clinics clinics)
{
    private const string Email = "administrator@new.example";

    [Theory]
    [InlineData("/saved-reports", "stored here unchanged", "/usage-report")]
    [InlineData("/alerts", "Alerts tell you", "#add")]
    [InlineData("/deliveries", "Recipients get each closed month", "#Name")]
    [InlineData("/corrections", "A correction reverses or adjusts", "/usage-report")]
    [InlineData("/imports", "An import brings usage in", "#file")]
    [InlineData("/schedules", "A schedule charges a device", "/schedules/new")]
    [InlineData("/api-keys", "A key lets another system", "#Name")]
    [InlineData("/usage-report/views", "A saved view keeps", "/usage-report")]
    public async Task A_new_clinic_is_told_what_a_list_is_for_and_offered_one_action(string path, string message, string action)
    {
        var clinic = await clinics.Site.SubscriptionAsync("New Clinic", new DateOnly(2026, 8, 1));
        var email = $"{clinic}.{Email}";
        await clinics.Site.UserAsync(clinic, email, Roles.Administrator);
        using var administrator = await Visitor.SignedInAsync(clinics.Site, email);
        var page = await administrator.PageAsync(path);
        var empty = Assert.Single(page.QuerySelectorAll("[data-empty]"));
        Assert.Contains(message, empty.TextContent, StringComparison.Ordinal);
        Assert.Equal(action, Assert.Single(empty.QuerySelectorAll("a")).GetAttribute("href"));
        if (action.StartsWith('#')) Assert.NotNull(page.QuerySelector(action));
    }
}

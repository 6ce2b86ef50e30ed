using System.Net;
using CreditUsage.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Security;

/// <summary>Auditors read everything and change nothing: not by routes, which a page shares among its handlers, but by handlers.</summary>
[Collection(ClinicsCollection.Name)]
public sealed class AuditorTests(Clinics clinics)
{
    /// <summary>Pages about one's own account: everybody posts to them.</summary>
    private static readonly string[] OwnAccount =
    [
        "/Identity/Account/AcceptInvitation", "/Identity/Account/Login", "/Identity/Account/Logout", "/Identity/Account/Manage/ChangePassword",
        "/Identity/Account/Manage/Sessions", "/Identity/Account/Manage/TwoFactor", "/Identity/Account/RecoveryCode", "/Identity/Account/SecondStep", "/clinics",
    ];

    /// <summary>What is posted to without anything being changed: the check of the audit's chain, a file to be verified, a link asked for that goes to its owner alone, and the page of errors, which answers for every method.</summary>
    private static readonly string[] ChangesNothing = ["/Identity/Account/ForgotPassword", "/audit", "/error/{status:int?}", "/verify"];

    [Fact]
    public async Task Every_handler_that_changes_anything_refuses_an_Auditor()
    {
        using var auditor = await Visitor.SignedInAsync(clinics.Site, Clinics.Auditor);
        var handlers = await ChangingHandlersAsync();
        Assert.Superset(new HashSet<(string, string?)> { ("/deliveries", "Test"), ("/users", "Invite"), ("/usage-report/pdf", null) }, handlers);
        Assert.Empty(OwnAccount.Concat(ChangesNothing).Except(handlers.Select(handler => handler.Route)));
        var accepted = new List<string>();
        foreach (var (route, name) in handlers.Where(handler => !OwnAccount.Contains(handler.Route) && !ChangesNothing.Contains(handler.Route)))
        {
            using var answer = await auditor.PostAsync(Visitor.LoginPath, PathOf(route) + (name is null ? "" : $"?handler={name}"));
            var denied = answer.StatusCode == HttpStatusCode.Forbidden || answer.Headers.Location?.OriginalString.Contains("AccessDenied", StringComparison.Ordinal) == true;
            if (!denied) accepted.Add($"{route}, {name}: {(int)answer.StatusCode}");
        }
        Assert.Empty(accepted);
    }

    [Theory]
    [InlineData("/users", "tr[data-user]")]
    [InlineData("/api-keys", "h1")]
    public async Task An_Auditor_reads_the_list_without_anything_to_change_it_and_finds_it_in_the_navigation(string path, string shown)
    {
        using var auditor = await Visitor.SignedInAsync(clinics.Site, Clinics.Auditor);
        var page = await auditor.PageAsync(path);
        Assert.NotEmpty(page.QuerySelectorAll(shown));
        Assert.Empty(page.QuerySelectorAll("main form, main a[href^='/users/'], main a[href*='revoke']"));
        Assert.NotNull(page.QuerySelector($"nav a[href='{path}']"));
        using var administrator = await Visitor.SignedInAsync(clinics.Site, Clinics.Administrator);
        Assert.NotEmpty((await administrator.PageAsync(path)).QuerySelectorAll("main form"));
    }

    private static string PathOf(string route) => RouteTests.Rows.Single(row => (row.Method, row.Route) == ("POST", route)).Path.Split('?')[0];

    private async Task<HashSet<(string Route, string? Name)>> ChangingHandlersAsync()
    {
        var loader = clinics.Site.Services.GetRequiredService<PageLoader>();
        var found = new HashSet<(string, string?)>();
        foreach (var page in clinics.Site.Services.GetRequiredService<IActionDescriptorCollectionProvider>().ActionDescriptors.Items.OfType<PageActionDescriptor>())
        {
            var compiled = await loader.LoadAsync(page, EndpointMetadataCollection.Empty);
            foreach (var handler in compiled.HandlerMethods.Where(handler => handler.HttpMethod is not ("Get" or "Head")))
                found.Add(("/" + page.AttributeRouteInfo!.Template, handler.Name));
        }
        return found;
    }
}

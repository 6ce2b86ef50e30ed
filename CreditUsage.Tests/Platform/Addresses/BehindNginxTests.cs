using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Platform.Mail;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Addresses;

/// <summary>The site below a path, behind a real nginx. The path is that of one of its own pages, so that nothing is taken for it by chance.</summary>
[Collection(ClinicsCollection.Name)]
public sealed class BehindNginxTests(Clinics clinics)
{
    private const string Below = Nginx.Path;
    private const string Report = "/usage-report?year=2026&month=10&sessions=true&topUps=true";

    /// <summary>Attributes that a browser follows.</summary>
    private static readonly string[] Followed = ["href", "src", "action", "formaction", "hx-get", "hx-post"];

    [Fact]
    public async Task Every_page_leads_below_the_path_that_the_proxy_names()
    {
        await using var nginx = new Nginx();
        await nginx.StartAsync(clinics.Site.ClientOptions.BaseAddress, cutsOff: true);
        using var administrator = await SignedInAsync(nginx, Clinics.Administrator);
        var pages = RouteTests.Rows.Where(row => row is { Method: "GET", Administrator: "in" } && !row.Path.Contains("Logout", StringComparison.Ordinal)).Select(row => row.Path).ToList();
        var links = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in pages.Append(Report).Append(Report + "&groupBy=client").Append("/usage-report/explain?year=2026&month=10&sessions=true"))
        {
            using var answer = await administrator.GetAsync(Below + path);
            if (answer.Headers.Location is { } location) links.Add(location.OriginalString);
            if (answer.Content.Headers.ContentType?.MediaType != "text/html") continue;
            foreach (var element in (await Visitor.ReadAsync(answer)).All)
                links.UnionWith(Followed.Select(element.GetAttribute).OfType<string>().Where(link => link.StartsWith('/')));
        }

        Assert.True(links.Count > 100, $"Only {links.Count} links were found.");
        Assert.DoesNotContain(links, link => link != Below && !link.StartsWith(Below + "/", StringComparison.Ordinal));
        Assert.DoesNotContain(links, link => link.StartsWith(Below + Below + Below, StringComparison.Ordinal));
        Assert.Contains(Below + Below, links);
    }

    [Fact]
    public async Task What_pages_lead_to_is_there()
    {
        await using var nginx = new Nginx();
        await nginx.StartAsync(clinics.Site.ClientOptions.BaseAddress, cutsOff: true);
        using var administrator = await SignedInAsync(nginx, Clinics.Administrator);
        var page = await administrator.PageAsync(Below + Report);
        var links = page.All.SelectMany(element => Followed.Where(name => name is not ("action" or "formaction")).Select(element.GetAttribute)).OfType<string>().Where(link => link.StartsWith('/')).Distinct().Take(80).ToList();
        foreach (var link in links)
        {
            using var answer = await administrator.GetAsync(link);
            Assert.True((int)answer.StatusCode < 400, $"{link} answered {(int)answer.StatusCode}.");
        }
        Assert.Contains(links, link => link.Contains("/lib/htmx/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Signing_in_the_report_its_swaps_and_its_JSON_go_by_the_path_of_PublicUrl(bool cutsOff)
    {
        await using var nginx = new Nginx();
        await using var site = await StartedAsync(nginx, cutsOff);
        using var stranger = nginx.Visitor();
        using var asked = await stranger.GetAsync(Below + "/");
        using var refused = await stranger.GetAsync(Below + "/usage-report");
        using var visitor = await SignedInAsync(nginx, Administrator);
        using var start = await visitor.GetAsync(Below + "/");
        using var swapped = await visitor.GetFragmentAsync(Below + Report);
        using var json = await visitor.GetAsync(Below + Report.Replace("?", "/json?", StringComparison.Ordinal));
        using var credits = await visitor.GetAsync(Below + Below);
        using var themed = await visitor.PostAsync(Below + "/credits", Below + "/theme", new Dictionary<string, string> { ["theme"] = "dark", ["returnUrl"] = "" });
        var description = await stranger.Http.GetStringAsync(new Uri(Below + "/openapi/v1.json", UriKind.Relative));

        Assert.StartsWith(Below + Visitor.LoginPath, refused.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Redirect, Below + "/usage-report"), (start.StatusCode, start.Headers.Location!.OriginalString));
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        Assert.StartsWith(Below + "/usage-report?", swapped.Headers.GetValues("HX-Push-Url").Single(), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (json.StatusCode, credits.StatusCode));
        Assert.Equal(Below + "/dashboard", themed.Headers.Location!.OriginalString);
        Assert.Contains($"\"url\": \"{Below}\"", description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cookies_behind_https_have_the_prefix_and_links_the_public_address()
    {
        await using var nginx = new Nginx();
        await using var site = await StartedAsync(nginx, cutsOff: false);
        using var visitor = await SignedInAsync(nginx, Administrator);
        using var made = await visitor.PostAsync(Below + "/users", Below + "/users?handler=Invite", new Dictionary<string, string> { ["Input.Email"] = "new@clinic.example", ["Input.Role"] = Roles.Auditor });
        var link = (await Visitor.ReadAsync(made)).QuerySelector<IHtmlInputElement>("#invitation-link")!.Value;
        using var opened = await visitor.GetAsync(new Uri(link).PathAndQuery);

        Assert.StartsWith(new Uri(nginx.Address, Below + InvitationLinks.Path).AbsoluteUri + "?code=", link, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        Assert.Equal(new Uri(nginx.Address, Below + "/verify"), site.Services.GetRequiredService<SendMail>().Link("/verify"));
        var cookies = visitor.Cookies.GetAllCookies();
        Assert.NotEmpty(cookies);
        Assert.All(cookies, cookie => Assert.Equal((true, "/", true), (cookie.Name.StartsWith("__Host-", StringComparison.Ordinal), cookie.Path, cookie.Secure)));
    }

    private const string Administrator = "administrator@clinic.example";

    private static async Task<Site> StartedAsync(Nginx nginx, bool cutsOff)
    {
        var site = new Site().With("CreditUsage:PublicUrl", new Uri(nginx.Address, Below).AbsoluteUri);
        site.UseKestrel(0);
        site.StartServer();
        Assert.Empty(await site.UserAsync(await site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1)), Administrator, Roles.Administrator));
        await nginx.StartAsync(site.ClientOptions.BaseAddress, cutsOff);
        return site;
    }

    private static async Task<Visitor> SignedInAsync(Nginx nginx, string email)
    {
        var visitor = nginx.Visitor();
        using var answer = await visitor.SignInAsync(email, Site.Password, Below + Visitor.LoginPath);
        Assert.Equal((HttpStatusCode.Redirect, Below + "/dashboard"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        return visitor;
    }
}

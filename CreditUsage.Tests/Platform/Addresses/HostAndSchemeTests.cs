using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Commands;
using CreditUsage.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Addresses;

[Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.HostHeader)]
public sealed class HostAndSchemeTests
{
    private const string Administrator = "administrator@clinic.example";
    private const string SignIn = "CreditUsage.SignIn";

    [Theory]
    [InlineData("credits.example", HttpStatusCode.OK)]
    [InlineData("credits.example:8443", HttpStatusCode.OK)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    public async Task With_PublicUrl_its_host_and_this_computers_names_are_answered(string host, HttpStatusCode status)
    {
        await using var site = Started("https://credits.example");
        using var visitor = new Visitor(site);
        visitor.Http.DefaultRequestHeaders.Host = host;
        using var answer = await visitor.GetAsync(Visitor.LoginPath);
        Assert.Equal(status, answer.StatusCode);
    }

    [Theory]
    [InlineData("https://credits.example", "https://credits.example")]
    [InlineData("https://credits.example/clinic/", "https://credits.example/clinic")]
    [InlineData(null, null)]
    public async Task The_link_of_an_invitation_never_follows_the_requests_host(string? publicUrl, string? begins)
    {
        await using var site = Started(publicUrl);
        Assert.Empty(await site.UserAsync(await site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1)), Administrator, Roles.Administrator));
        using var visitor = new Visitor(site);
        var root = new Uri(publicUrl ?? "http://none").AbsolutePath.TrimEnd('/');
        (await visitor.SignInAsync(Administrator, Site.Password, root + Visitor.LoginPath)).Dispose();
        if (publicUrl is null) visitor.Http.DefaultRequestHeaders.Host = "evil.example";
        visitor.Http.DefaultRequestHeaders.Add("X-Forwarded-Host", "evil.example");
        using var answer = await visitor.PostAsync(root + "/users", root + "/users?handler=Invite", new Dictionary<string, string> { ["Input.Email"] = "new@clinic.example", ["Input.Role"] = Roles.Auditor });
        var link = (await Visitor.ReadAsync(answer)).QuerySelector<IHtmlInputElement>("#invitation-link")!.Value;
        Assert.StartsWith((begins ?? site.ClientOptions.BaseAddress.AbsoluteUri.TrimEnd('/')) + InvitationLinks.Path, link, StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_https_a_cookie_without_the_prefix_opens_nothing_and_by_plain_http_the_plain_name_stays()
    {
        await using var site = Started("https://credits.example");
        Assert.Empty(await site.UserAsync(await site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1)), Administrator, Roles.Administrator));
        using var plain = await Visitor.SignedInAsync(site, Administrator);
        var cookie = plain.Cookies.GetAllCookies().Single(cookie => cookie.Name == SignIn).Value;

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(site, "/usage-report", $"__Host-{SignIn}={cookie}", https: true)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await AskAsync(site, "/usage-report", $"{SignIn}={cookie}", https: true)).Status);
        Assert.Contains("Your session has ended", (await AskAsync(site, Visitor.LoginPath, $"{SignIn}={cookie}", https: true)).Page, StringComparison.Ordinal);
        Assert.DoesNotContain("Your session has ended", (await AskAsync(site, Visitor.LoginPath, "", https: true)).Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(site, "/usage-report", $"{SignIn}={cookie}", https: false)).Status);
    }

    [Fact]
    public async Task By_https_each_cookie_has_its_prefix_once()
    {
        await using var site = Started("https://credits.example");
        Assert.Empty(await site.UserAsync(await site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1)), Administrator, Roles.Administrator));
        using var visitor = new Visitor(site);
        using var page = await visitor.GetAsync(Visitor.LoginPath);
        var token = (await Visitor.ReadAsync(page)).QuerySelector<IHtmlInputElement>("input[name=__RequestVerificationToken]")!.Value;
        using var request = new HttpRequestMessage(HttpMethod.Post, Visitor.LoginPath)
        {
            Content = new FormUrlEncodedContent([new("Input.Email", Administrator), new("Input.Password", Site.Password), new("__RequestVerificationToken", token)]),
        };
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("Cookie", "__Host-" + visitor.Cookies.GetCookieHeader(site.ClientOptions.BaseAddress));
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = site.ClientOptions.BaseAddress };
        using var signedIn = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        var names = signedIn.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split('=')[0]).ToList();
        Assert.Contains(names, name => name.StartsWith($"__Host-{KnownBrowsers.CookieName}.", StringComparison.Ordinal));
        Assert.All(names, name => Assert.Equal(0, name.LastIndexOf("__Host-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task By_https_every_answer_demands_it_and_none_lets_another_origin_in()
    {
        await using var site = Started(null);
        using var visitor = new Visitor(site);
        // This computer's own names are left out, which may have other sites by plain http.
        visitor.Http.DefaultRequestHeaders.Host = "credits.example";
        visitor.Http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        visitor.Http.DefaultRequestHeaders.Add("Origin", "https://evil.example");
        visitor.Http.DefaultRequestHeaders.Add("Access-Control-Request-Method", "POST");
        foreach (var path in new[] { Visitor.LoginPath, "/css/site.css", "/health/live", "/usage-report", "/api/v1/usage-report", "/openapi/v1.json", "/none" })
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Options })
            {
                using var answer = await visitor.Http.SendAsync(new HttpRequestMessage(method, path));
                Assert.True(answer.Headers.TryGetValues("Strict-Transport-Security", out var demanded), $"{method} {path}");
                Assert.Equal("max-age=31536000; includeSubDomains", Assert.Single(demanded!));
                Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
            }
    }

    [Theory]
    [InlineData("/css/site.css", "text/css; charset=utf-8")]
    [InlineData("/js/theme.js", "text/javascript; charset=utf-8")]
    [InlineData("/images/icon.svg", "image/svg+xml; charset=utf-8")]
    [InlineData("/health/live", "application/json; charset=utf-8")]
    [InlineData(Visitor.LoginPath, "text/html; charset=utf-8")]
    public async Task A_text_says_that_it_is_UTF8(string path, string type)
    {
        await using var site = Started(null);
        using var visitor = new Visitor(site);
        using var answer = await visitor.GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType?.ToString()));
    }

    [Theory]
    [InlineData("127.0.0.1", null, true)]
    [InlineData("203.0.113.9", null, false)]
    [InlineData("203.0.113.9", "198.51.100.1, 203.0.113.0/24", true)]
    [InlineData("203.0.113.9", "203.0.113.9", true)]
    public async Task Forwarded_headers_are_believed_of_this_computer_and_of_the_networks_of_the_setting(string from, string? networks, bool believed)
    {
        var site = new Site { ChangeServices = services => services.AddSingleton<IStartupFilter>(new From(IPAddress.Parse(from))) };
        if (networks is not null) site.With("CreditUsage:Proxy:Networks", networks);
        await using var started = Start(site);
        using var visitor = new Visitor(started);
        visitor.Http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        visitor.Http.DefaultRequestHeaders.Add("X-Forwarded-Prefix", "/below");
        using var answer = await visitor.GetAsync(Visitor.LoginPath);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Equal(believed, answer.Headers.GetValues("Set-Cookie").All(cookie => cookie.StartsWith("__Host-", StringComparison.Ordinal)));
        Assert.Equal(believed, page.Contains("href=\"/below/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/..")]
    [InlineData("/a b")]
    [InlineData("/\"><b>")]
    [InlineData("/")]
    public async Task A_prefix_that_is_no_plain_path_is_none(string prefix)
    {
        await using var site = Started(null);
        using var visitor = new Visitor(site);
        visitor.Http.DefaultRequestHeaders.TryAddWithoutValidation("X-Forwarded-Prefix", prefix);
        using var answer = await visitor.GetAsync("/");
        Assert.StartsWith("/Identity/Account/Login", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CreditUsage:PublicUrl", "--CreditUsage:PublicUrl=https://credits.example/?a=b")]
    [InlineData("CreditUsage:Proxy:Networks", "--CreditUsage:Proxy:Networks=10.0.0.0/8, everywhere")]
    public async Task A_setting_that_cannot_be_followed_stops_the_start_with_its_name(string named, string setting)
    {
        using var program = new SiteProgram();
        var (exitCode, _, errors) = await program.RunAsync("migrate", setting);
        Assert.Equal(1, exitCode);
        Assert.Contains(named, Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private static Site Started(string? publicUrl) => Start(publicUrl is null ? new Site() : new Site().With("CreditUsage:PublicUrl", publicUrl));

    private static Site Start(Site site)
    {
        site.UseKestrel(0);
        site.StartServer();
        return site;
    }

    private static async Task<(HttpStatusCode Status, string Page)> AskAsync(Site site, string path, string cookies, bool https)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = site.ClientOptions.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (cookies.Length > 0) request.Headers.Add("Cookie", cookies);
        if (https) request.Headers.Add("X-Forwarded-Proto", "https");
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Lets every request come from an address.</summary>
    private sealed class From(IPAddress address) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, rest) =>
            {
                context.Connection.RemoteIpAddress = address;
                return rest(context);
            });
            next(app);
        };
    }
}

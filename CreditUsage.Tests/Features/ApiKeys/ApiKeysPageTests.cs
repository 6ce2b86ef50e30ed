using System.Globalization;
using System.Net;
using AngleSharp.Html.Dom;
using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Platform.Api;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Tests.Features.ApiKeys;

/// <summary>An Administrator makes and revokes keys, with the password once more.</summary>
[Collection(ApiCollection.Name)]
public sealed class ApiKeysPageTests(ApiSite api)
{
    private const string Page = "/api-keys";
    private const string Wrong = "not the right password";

    private static int s_people;

    [Fact]
    public async Task A_key_that_is_made_is_shown_once_and_works()
    {
        var (clinic, email) = await AdministratorAsync();
        using var visitor = await Visitor.SignedInAsync(api.Site, email);

        using var answer = await CreateAsync(visitor, " Metering   system ");

        var made = await Visitor.ReadAsync(answer);
        var key = made.QuerySelector("#made-key")!.TextContent;
        Assert.Equal((HttpStatusCode.OK, true), (answer.StatusCode, answer.Headers.CacheControl?.NoStore));
        using var caller = new ApiCaller(api.Site, clinic, key);
        Assert.Equal((1, 0), (await caller.StoreAsync(ApiCaller.Session("E1"))).Counts);

        var listed = await visitor.PageAsync(Page);
        Assert.DoesNotContain(key, listed.DocumentElement.OuterHtml, StringComparison.Ordinal);
        var row = Assert.Single(listed.QuerySelectorAll("[data-api-key]"));
        Assert.Equal(("Metering system", key[..13], "Import usage", "Active"), (row.Children[0].TextContent, row.Children[1].TextContent, row.Children[2].TextContent, row.Children[6].TextContent));
        Assert.Contains($"by {email}", row.Children[3].TextContent, StringComparison.Ordinal);
        var entry = await EntryAsync(clinic);
        Assert.Equal((email, "Key Metering system"), (entry.Actor, entry.Subject));
        Assert.DoesNotContain(key[14..], entry.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_revoked_works_no_more()
    {
        var (clinic, email) = await AdministratorAsync();
        using var caller = await api.CallerAsync(clinic);
        var id = await caller.InDbAsync(db => db.ApiKeys.Select(key => key.Id).SingleAsync());
        using var visitor = await Visitor.SignedInAsync(api.Site, email);
        Assert.Contains("cu_" + caller.Key![3..13], (await visitor.PageAsync($"{Page}?revoke={id}")).QuerySelector("main")!.TextContent, StringComparison.Ordinal);

        using var refused = await RevokeAsync(visitor, id, Wrong);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.OK), (refused.StatusCode, (await caller.StoreAsync(ApiCaller.Session("E1"))).Status));
        using var revoked = await RevokeAsync(visitor, id, Site.Password);

        Assert.Equal(Page, revoked.Headers.Location?.OriginalString);
        (await caller.StoreAsync(ApiCaller.Session("E2"))).Refused(HttpStatusCode.Unauthorized);
        Assert.StartsWith("Revoked ", (await visitor.PageAsync(Page)).QuerySelector($"[data-api-key='{id}']")!.Children[6].TextContent, StringComparison.Ordinal);
        Assert.StartsWith("revoked", (await EntryAsync(clinic)).Detail, StringComparison.Ordinal);
        using var again = await RevokeAsync(visitor, id, Site.Password);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Theory]
    [InlineData("", ApiScopes.WriteUsage, 90, "Name")]
    [InlineData("Two\u202Enames", ApiScopes.WriteUsage, 90, "Name")]
    [InlineData("Meter", "usage:all", 90, "Scope")]
    [InlineData("Meter", "", 90, "Scope")]
    [InlineData("Meter", ApiScopes.WriteUsage, 366, "LastDay")]
    [InlineData("Meter", ApiScopes.WriteUsage, -1, "LastDay")]
    [InlineData("Meter", ApiScopes.WriteUsage, null, "LastDay")]
    public async Task What_is_wrong_is_said_beside_its_field_and_the_form_stays(string name, string scope, int? days, string field)
    {
        var (clinic, email) = await AdministratorAsync();
        using var visitor = await Visitor.SignedInAsync(api.Site, email);

        using var answer = await CreateAsync(visitor, name, scope, days);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var page = await Visitor.ReadAsync(answer);
        Assert.StartsWith("Error: ", page.Title, StringComparison.Ordinal);
        Assert.Equal($"#{field}", page.QuerySelector(".fault-summary a")!.GetAttribute("href"));
        Assert.Equal("true", page.GetElementById(field)!.GetAttribute("aria-invalid"));
        Assert.Equal(name, ((IHtmlInputElement)page.GetElementById("Name")!).Value);
        Assert.Equal("", ((IHtmlInputElement)page.GetElementById("Password")!).Value);
        Assert.Equal(0, await api.Site.InAsync(clinic, services => Db(services).ApiKeys.CountAsync()));
    }

    [Fact]
    public async Task A_year_is_the_longest_and_a_name_in_force_is_taken()
    {
        var (_, email) = await AdministratorAsync();
        using var visitor = await Visitor.SignedInAsync(api.Site, email);
        using var made = await CreateAsync(visitor, "Meter", days: 365);
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        using var twice = await CreateAsync(visitor, "Meter");
        Assert.Equal("#Name", (await Visitor.ReadAsync(twice)).QuerySelector(".fault-summary a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task Guessing_the_password_here_counts_to_the_lock()
    {
        var (clinic, email) = await AdministratorAsync();
        using var visitor = await Visitor.SignedInAsync(api.Site, email);
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            using var refused = await CreateAsync(visitor, "Meter", password: Wrong);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        using var right = await CreateAsync(visitor, "Meter");
        Assert.Equal("#Password", (await Visitor.ReadAsync(right)).QuerySelector(".fault-summary a")!.GetAttribute("href"));
        using var other = new Visitor(api.Site);
        using var signIn = await other.SignInAsync(email, Site.Password);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, signIn.StatusCode);
        Assert.Equal(0, await api.Site.InAsync(clinic, services => Db(services).ApiKeys.CountAsync()));
    }

    [Fact]
    public async Task The_password_gives_the_session_a_new_key()
    {
        var (clinic, email) = await AdministratorAsync();
        using var visitor = await Visitor.SignedInAsync(api.Site, email);
        using var before = Copy(visitor);
        using var made = await CreateAsync(visitor, "Meter");
        using var between = Copy(visitor);
        using var revoked = await RevokeAsync(visitor, await api.Site.InAsync(clinic, services => Db(services).ApiKeys.Select(key => key.Id).SingleAsync()), Site.Password);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Redirect), (made.StatusCode, revoked.StatusCode));
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.Redirect, HttpStatusCode.OK), (await StatusAsync(before), await StatusAsync(between), await StatusAsync(visitor)));
    }

    private Visitor Copy(Visitor visitor)
    {
        var copy = new Visitor(api.Site);
        copy.Cookies.Add(visitor.Cookies.GetAllCookies());
        return copy;
    }

    private static async Task<HttpStatusCode> StatusAsync(Visitor visitor)
    {
        using var answer = await visitor.GetAsync(Page);
        return answer.StatusCode;
    }

    [Fact, Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.ForeignIds)]
    public async Task A_key_of_another_clinic_is_not_there()
    {
        using var other = await api.CallerAsync();
        var id = await other.InDbAsync(db => db.ApiKeys.Select(key => key.Id).SingleAsync());
        var (_, email) = await AdministratorAsync();
        using var visitor = await Visitor.SignedInAsync(api.Site, email);

        Assert.Empty((await visitor.PageAsync(Page)).QuerySelectorAll("[data-api-key]"));
        using var asked = await visitor.GetAsync($"{Page}?revoke={id}");
        using var revoked = await RevokeAsync(visitor, id, Site.Password);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (asked.StatusCode, revoked.StatusCode));
        Assert.Equal((1, 0), (await other.StoreAsync(ApiCaller.Session("E1"))).Counts);
    }

    [Fact]
    public async Task A_form_without_its_token_changes_nothing()
    {
        var (clinic, email) = await AdministratorAsync();
        using var visitor = await Visitor.SignedInAsync(api.Site, email);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["Name"] = "Meter", ["Scope"] = ApiScopes.WriteUsage, ["LastDay"] = "2026-12-01", ["Password"] = Site.Password });
        using var answer = await visitor.Http.PostAsync(new Uri($"{Page}?handler=Create", UriKind.Relative), form);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(0, await api.Site.InAsync(clinic, services => Db(services).ApiKeys.CountAsync()));
    }

    private async Task<(int Clinic, string Email)> AdministratorAsync()
    {
        var clinic = await api.SubscriptionAsync();
        var email = string.Create(CultureInfo.InvariantCulture, $"administrator{Interlocked.Increment(ref s_people)}@page.example");
        Assert.Empty(await api.Site.UserAsync(clinic, email, Roles.Administrator));
        return (clinic, email);
    }

    private Task<HttpResponseMessage> CreateAsync(Visitor visitor, string name, string scope = ApiScopes.WriteUsage, int? days = 90, string password = Site.Password) => visitor.PostAsync(Page, $"{Page}?handler=Create", new Dictionary<string, string>
    {
        ["Name"] = name,
        ["Scope"] = scope,
        ["LastDay"] = days is { } ahead ? api.Site.Clock.GetUtcNow().AddDays(ahead).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "",
        ["Password"] = password,
    });

    private static Task<HttpResponseMessage> RevokeAsync(Visitor visitor, int id, string password) =>
        visitor.PostAsync(Page, $"{Page}?handler=Revoke&id={id}", new Dictionary<string, string> { ["Password"] = password });

    private Task<AuditEntry> EntryAsync(int clinic) => api.Site.InAsync(clinic, services => Db(services).AuditEntries.Where(entry => entry.Action == AuditAction.Key).OrderByDescending(entry => entry.Sequence).FirstAsync());

    private static CreditUsageDb Db(IServiceProvider services) => (CreditUsageDb)services.GetService(typeof(CreditUsageDb))!;
}

using System.Net;
using CreditUsage.Data;
using CreditUsage.Domain.People;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Security;

/// <summary>A browser that somebody has signed in with before has a count of its own: strangers lock the account for others (domain.md rule 10).</summary>
public sealed class KnownBrowserTests(SignInSite signIn) : IClassFixture<SignInSite>
{
    private const string Wrong = "not the right password";
    private const string Chosen = "a quite different phrase";
    private const string ChangePassword = "/Identity/Account/Manage/ChangePassword";

    private Site Site => signIn.Site;

    [Fact]
    public async Task A_browser_used_before_is_not_locked_out_by_strangers_tries()
    {
        var email = await UserAsync();
        using var known = await KnownAsync(email);
        await StrangersAsync(email, times: 12);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await signIn.TryAsync(email, Site.Password));
        Assert.Equal(HttpStatusCode.Redirect, await TryAsync(known, email, Site.Password));
    }

    [Fact]
    public async Task Strangers_tries_and_its_own_are_counted_apart_and_the_right_password_forgets_its_own()
    {
        var email = await UserAsync();
        using var known = await KnownAsync(email);
        for (var round = 1; round <= 2; round++)
        {
            for (var attempt = 1; attempt <= 9; attempt++) await TryAsync(known, email, Wrong);
            Assert.Equal(HttpStatusCode.Redirect, await TryAsync(known, email, Site.Password));
            await SignOutAsync(known);
        }
        await StrangersAsync(email, times: 9);
        Assert.Equal(HttpStatusCode.Redirect, await signIn.TryAsync(email, Site.Password));
    }

    [Fact]
    public async Task Ten_wrong_passwords_in_it_lock_it_out_too_until_midnight()
    {
        var email = await UserAsync();
        using var known = await KnownAsync(email);
        using var another = await KnownAsync(email);
        for (var attempt = 1; attempt <= 10; attempt++) await TryAsync(known, email, Wrong);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, await TryAsync(known, email, Site.Password));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await signIn.TryAsync(email, Site.Password));
        Assert.Equal(HttpStatusCode.Redirect, await TryAsync(another, email, Site.Password));
        signIn.GoTo(TimeSpan.Zero);
        Assert.Equal(HttpStatusCode.Redirect, await TryAsync(known, email, Site.Password));
    }

    [Fact]
    public async Task Strangers_who_lock_the_account_keep_nobody_signed_in_from_giving_the_password_again()
    {
        var email = await UserAsync();
        using var session = await Visitor.SignedInAsync(Site, email);
        await StrangersAsync(email, times: 10);
        Assert.Equal(HttpStatusCode.OK, await ChangeAsync(session));
    }

    [Fact]
    public async Task A_changed_password_makes_other_browsers_unknown()
    {
        var email = await UserAsync();
        using var here = await Visitor.SignedInAsync(Site, email);
        using var elsewhere = await KnownAsync(email);
        Assert.Equal(HttpStatusCode.OK, await ChangeAsync(here));
        await SignOutAsync(here);
        await StrangersAsync(email, times: 10);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await TryAsync(elsewhere, email, Chosen));
        Assert.Equal(HttpStatusCode.Redirect, await TryAsync(here, email, Chosen));
    }

    [Fact]
    public async Task It_is_known_for_ninety_days_after_the_last_sign_in()
    {
        var email = await UserAsync();
        using var known = await KnownAsync(email);
        Site.Clock.Advance(TimeSpan.FromDays(91));
        await StrangersAsync(email, times: 10);
        // The cookie itself is of the real clock, and still there.
        Assert.Single(CookiesOf(known));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await TryAsync(known, email, Site.Password));
    }

    [Fact]
    public async Task The_cookie_is_of_one_user_and_is_in_the_database_by_its_hash_alone()
    {
        var (email, other) = (await UserAsync(), await UserAsync());
        using var known = new Visitor(Site);
        using var answer = await known.SignInAsync(email, Site.Password);
        var header = Assert.Single(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith(KnownBrowsers.CookieName, StringComparison.Ordinal));
        foreach (var part in new[] { "httponly", "samesite=lax", "max-age=7776000", "path=/" }) Assert.Contains(part, header, StringComparison.OrdinalIgnoreCase);
        var cookie = Assert.Single(CookiesOf(known));
        Assert.DoesNotContain(await RowsAsync(), row => row.KeyHash.Contains(cookie.Value, StringComparison.Ordinal));

        using var theirs = await KnownAsync(other);
        using var thief = new Visitor(Site);
        thief.Cookies.Add(thief.Http.BaseAddress!, new Cookie(Assert.Single(CookiesOf(theirs)).Name, cookie.Value));
        await StrangersAsync(other, times: 10);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await TryAsync(thief, other, Site.Password));
    }

    private async Task<string> UserAsync()
    {
        // No test crosses a midnight that it does not mean.
        signIn.GoTo(TimeSpan.FromHours(14));
        return await signIn.UserAsync();
    }

    /// <summary>Signed in once, and out again.</summary>
    private async Task<Visitor> KnownAsync(string email)
    {
        var visitor = await Visitor.SignedInAsync(Site, email);
        await SignOutAsync(visitor);
        return visitor;
    }

    private static async Task SignOutAsync(Visitor visitor) => (await visitor.PostAsync("/usage-report", "/Identity/Account/Logout")).Dispose();

    private async Task StrangersAsync(string email, int times)
    {
        for (var attempt = 1; attempt <= times; attempt++) Assert.Equal(HttpStatusCode.UnprocessableEntity, await signIn.TryAsync(email, Wrong));
    }

    private static async Task<HttpStatusCode> TryAsync(Visitor visitor, string email, string password)
    {
        using var answer = await visitor.SignInAsync(email, password);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> ChangeAsync(Visitor visitor)
    {
        using var answer = await visitor.PostAsync(ChangePassword, ChangePassword, new Dictionary<string, string> { ["Input.Present"] = Site.Password, ["Input.New"] = Chosen, ["Input.Again"] = Chosen });
        return answer.StatusCode;
    }

    private static IEnumerable<Cookie> CookiesOf(Visitor visitor) => visitor.Cookies.GetAllCookies().Where(cookie => cookie.Name.StartsWith(KnownBrowsers.CookieName, StringComparison.Ordinal));

    private async Task<IReadOnlyList<KnownBrowser>> RowsAsync()
    {
        await using var scope = Site.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().KnownBrowsers.AsNoTracking().ToListAsync();
    }
}

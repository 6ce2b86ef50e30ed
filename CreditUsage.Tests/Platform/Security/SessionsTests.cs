using System.Net;
using CreditUsage.Tests.Features.Users;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Platform.Security;

/// <summary>What a copied cookie is worth, and a user's own sessions.</summary>
public sealed class SessionsTests(UsersSite users) : IClassFixture<UsersSite>
{
    private const string Page = "/Identity/Account/Manage/Sessions";
    private const string ChangePassword = "/Identity/Account/Manage/ChangePassword";
    private const string TwoFactor = "/Identity/Account/Manage/TwoFactor";
    private const string Chosen = "a quite different phrase";
    private const string Firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0";

    private Site Site => users.Site;

    [Fact, Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.StolenCookie)]
    public async Task A_stolen_cookie_is_refused_at_once_after_the_password_was_changed()
    {
        using var owner = await users.SignedInAsync(await UserAsync());
        using var thief = await ThiefAsync(owner);
        (await owner.PostAsync(ChangePassword, ChangePassword, Form(("Input.Present", Site.Password), ("Input.New", Chosen), ("Input.Again", Chosen)))).Dispose();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Redirect), (await StatusAsync(owner), await StatusAsync(thief)));
    }

    [Fact, Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.StolenCookie)]
    public async Task A_stolen_cookie_is_refused_at_once_after_two_factor_was_switched_on_and_off()
    {
        using var owner = await users.SignedInAsync(await UserAsync());
        using var first = await ThiefAsync(owner);
        using var elsewhere = await users.SignedInAsync(await EmailAsync(owner));
        await users.SetUpTwoFactorAsync(owner);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Redirect, HttpStatusCode.Redirect), (await StatusAsync(owner), await StatusAsync(first), await StatusAsync(elsewhere)));

        using var second = await ThiefAsync(owner);
        (await owner.PostAsync(TwoFactor, TwoFactor + "?handler=Off", Form(("offPassword", Site.Password)))).Dispose();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Redirect), (await StatusAsync(owner), await StatusAsync(second)));
    }

    [Fact, Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.StolenCookie)]
    public async Task A_stolen_cookie_does_not_count_as_two_factor_and_its_owners_session_does_through_renewals()
    {
        var clinic = await users.ClinicAsync();
        using var owner = await users.SignedInAsync(clinic.Administrator);
        using var thief = await ThiefAsync(owner);
        await users.SetUpTwoFactorAsync(owner);
        (await owner.PostAsync("/users", "/users?handler=RequireTwoFactor", Form(("required", "true")))).Dispose();
        for (var minute = 1; minute <= 3; minute++)
        {
            Site.Clock.Advance(TimeSpan.FromSeconds(61));
            using var refused = await thief.GetAsync("/users");
            Assert.Equal((HttpStatusCode.OK, true), (await StatusAsync(owner), refused.Headers.Location!.OriginalString.StartsWith(Visitor.LoginPath, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task A_stolen_cookie_is_refused_at_once_after_new_recovery_codes_were_made()
    {
        using var owner = await users.SignedInAsync(await UserAsync());
        await users.SetUpTwoFactorAsync(owner);
        using var thief = await ThiefAsync(owner);
        using var made = await owner.PostAsync(TwoFactor, TwoFactor + "?handler=RecoveryCodes", Form(("codesPassword", Site.Password)));
        Assert.Equal(10, (await Visitor.ReadAsync(made)).QuerySelectorAll(".recovery-codes code").Length);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Redirect), (await StatusAsync(owner), await StatusAsync(thief)));
    }

    [Fact, Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.StolenCookie)]
    public async Task A_new_password_by_a_link_ends_every_session_at_once()
    {
        var clinic = await users.ClinicAsync();
        var email = await clinic.UserAsync();
        using var session = await users.SignedInAsync(email);
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        var path = await clinic.PathAsync(email);
        using var made = await administrator.PostAsync(path, path + "?handler=Link");
        var link = new Uri((await Visitor.ReadAsync(made)).QuerySelector("#invitation-link")!.GetAttribute("value")!).PathAndQuery;
        using var stranger = new Visitor(Site);
        (await stranger.PostAsync(link, link, Form(("Input.New", Chosen), ("Input.Again", Chosen)))).Dispose();
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(session));
    }

    [Fact]
    public async Task A_changed_role_ends_a_session_of_its_owner_in_the_middle()
    {
        var clinic = await users.ClinicAsync();
        var email = await clinic.UserAsync();
        using var session = await users.SignedInAsync(email);
        using var thief = await ThiefAsync(session);
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        var path = await clinic.PathAsync(email);
        (await administrator.PostAsync(path, path + "?handler=Role", Form(("role", "Auditor")))).Dispose();
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.Redirect, HttpStatusCode.OK), (await StatusAsync(session), await StatusAsync(thief), await StatusAsync(administrator)));
    }

    [Fact]
    public async Task Own_sessions_are_listed_with_their_browser_and_when_and_this_one_is_marked()
    {
        var email = await UserAsync();
        using var here = await users.SignedInAsync(email);
        using var elsewhere = new Visitor(Site);
        elsewhere.Http.DefaultRequestHeaders.Add("User-Agent", Firefox);
        (await elsewhere.SignInAsync(email, Site.Password)).Dispose();
        using var other = await users.SignedInAsync(await UserAsync());
        var started = Moment();
        Site.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(elsewhere));

        // When a session was last used is written beside the request.
        List<string[]> rows = [];
        await Wait.UntilAsync(async () =>
        {
            rows = [.. (await here.PageAsync(Page)).QuerySelectorAll("tr[data-session]").Select(row => row.Children.Select(cell => cell.TextContent.Trim()).ToArray())];
            return rows.Count != 2 || rows[1][2] == Moment();
        });

        Assert.Equal(2, rows.Count);
        Assert.Equal(["Another browser", started, "Now: this session", "Sign out to end it"], rows[0]);
        Assert.Equal(["Firefox on Windows", started, Moment(), "End"], rows[1]);
    }

    [Fact]
    public async Task One_that_is_ended_is_refused_at_its_next_request_and_the_others_go_on()
    {
        var clinic = await users.ClinicAsync();
        var email = await clinic.UserAsync();
        using var here = await users.SignedInAsync(email);
        using var one = await users.SignedInAsync(email);
        using var another = await users.SignedInAsync(email);
        var id = await IdAsync(one);

        using var ended = await here.PostAsync(Page, Page + "?handler=End", Form(("session", id)));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Redirect, HttpStatusCode.OK), (await StatusAsync(here), await StatusAsync(one), await StatusAsync(another)));
        Assert.Equal("1 session ended.", (await here.PageAsync(Page)).QuerySelector("[role=status]")!.TextContent);
        Assert.Equal($"{email}: SignOut: 1 other session ended", (await clinic.AuditAsync(email))[^1]);
        using var again = await here.PostAsync(Page, Page + "?handler=End", Form(("session", id)));
        Assert.Equal("That session had already ended.", (await here.PageAsync(Page)).QuerySelector("[role=status]")!.TextContent);
    }

    [Fact]
    public async Task All_others_are_ended_together_and_nobody_elses()
    {
        var email = await UserAsync();
        using var here = await users.SignedInAsync(email);
        using var one = await users.SignedInAsync(email);
        using var another = await users.SignedInAsync(email);
        using var somebody = await users.SignedInAsync(await UserAsync());
        (await here.PostAsync(Page, Page + "?handler=End", Form(("session", await IdAsync(somebody))))).Dispose();
        (await here.PostAsync(Page, Page + "?handler=EndOthers")).Dispose();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Redirect, HttpStatusCode.Redirect), (await StatusAsync(here), await StatusAsync(one), await StatusAsync(another)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(somebody));
        Assert.Null((await here.PageAsync(Page)).QuerySelector("form[action*=EndOthers]"));
    }

    [Fact]
    public async Task Who_signs_in_as_somebody_else_is_they_from_then_on_and_the_session_before_is_over()
    {
        var (email, other) = (await UserAsync(), await UserAsync());
        using var visitor = await users.SignedInAsync(email);
        using var thief = await ThiefAsync(visitor);
        using var again = await visitor.SignInAsync(other, Site.Password);
        Assert.Equal((other, HttpStatusCode.Redirect), (await EmailAsync(visitor), await StatusAsync(thief)));
    }

    private async Task<string> UserAsync() => await (await users.ClinicAsync()).UserAsync();

    private static async Task<string> EmailAsync(Visitor visitor) => (await visitor.PageAsync("/usage-report")).QuerySelector(".signed-in-as")!.TextContent.Trim();

    /// <summary>Somebody with a copy of all cookies, which is good for now.</summary>
    private async Task<Visitor> ThiefAsync(Visitor owner)
    {
        var thief = new Visitor(Site);
        thief.Cookies.Add(owner.Cookies.GetAllCookies());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(thief));
        return thief;
    }

    private static async Task<string> IdAsync(Visitor visitor) =>
        (await visitor.PageAsync(Page)).QuerySelectorAll("tr[data-session]").Single(row => row.TextContent.Contains("this session", StringComparison.Ordinal)).GetAttribute("data-session")!;

    private static async Task<HttpStatusCode> StatusAsync(Visitor visitor)
    {
        using var answer = await visitor.GetAsync("/usage-report");
        return answer.StatusCode;
    }

    private string Moment() => Site.Clock.GetUtcNow().ToString("dd/MM/yyyy HH:mm 'GMT'", System.Globalization.CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Form(params (string Name, string Value)[] fields) => fields.ToDictionary(field => field.Name, field => field.Value);
}

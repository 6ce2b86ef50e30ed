using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Features.Users;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Platform.Security;

/// <summary>What changes who may do what asks for a password that was given more than ten minutes ago.</summary>
public sealed class PasswordAgainTests(UsersSite users) : IClassFixture<UsersSite>
{
    private const string TwoFactor = "/Identity/Account/Manage/TwoFactor";
    private const string Sessions = "/Identity/Account/Manage/Sessions";
    private const string Wrong = "not the right password";

    private Site Site => users.Site;

    [Theory]
    [InlineData("Role")]
    [InlineData("Disable")]
    [InlineData("Enable")]
    [InlineData("Link")]
    [InlineData("ResetTwoFactor")]
    public async Task A_change_of_somebody_elses_account_asks_and_does_nothing_before(string handler)
    {
        var (clinic, email, administrator) = await LaterAsync();
        using var _ = administrator;
        var (path, before) = (await clinic.PathAsync(email), await clinic.AuditAsync(email));

        using var asked = await administrator.PostAsync(path, $"{path}?handler={handler}", new Dictionary<string, string> { ["role"] = Roles.Auditor });

        var page = await AskedAsync(asked);
        Assert.Equal($"{path}?handler={handler}", page.QuerySelector("main form")!.GetAttribute("action"));
        Assert.Equal(before, await clinic.AuditAsync(email));
        Assert.Null((await clinic.RowAsync(email)).DisabledAt);

        using var given = await AnswerAsync(administrator, page, Site.Password);
        Assert.Contains(given.StatusCode, new[] { HttpStatusCode.Redirect, HttpStatusCode.OK });
        Assert.Equal(handler is "Role" or "Disable" or "Link" ? 1 : 0, (await clinic.AuditAsync(email)).Count - before.Count);
    }

    [Fact]
    public async Task What_was_typed_is_kept_and_done_once_the_password_is_right()
    {
        var (clinic, _, administrator) = await LaterAsync();
        using var __ = administrator;
        var invited = users.Address();
        using var asked = await administrator.PostAsync("/users", "/users?handler=Invite", new Dictionary<string, string> { ["Input.Email"] = invited, ["Input.Role"] = Roles.Auditor });
        var page = await AskedAsync(asked);
        Assert.Equal((invited, Roles.Auditor), (Value(page, "Input.Email"), Value(page, "Input.Role")));

        using var refused = await AnswerAsync(administrator, page, Wrong);
        var again = await AskedAsync(refused);
        Assert.Equal(PasswordAgainAttribute.Wrong, again.QuerySelector(".fault-summary a")!.TextContent);
        Assert.Equal($"{clinic.Administrator}: SignInFailed: Wrong password or code, 1 of 10 in a browser used before", (await clinic.AuditAsync(clinic.Administrator))[^1]);
        Assert.Empty(await clinic.AuditAsync(invited));

        using var done = await AnswerAsync(administrator, again, Site.Password);
        Assert.NotNull((await Visitor.ReadAsync(done)).QuerySelector("#invitation-link"));
        Assert.Equal([$"{clinic.Administrator}: User: Invited as Auditor"], await clinic.AuditAsync(invited));
    }

    [Fact]
    public async Task Once_given_it_is_not_asked_again_for_ten_minutes_and_the_session_has_a_new_key()
    {
        var (clinic, _, administrator) = await LaterAsync();
        using var __ = administrator;
        using var thief = new Visitor(Site);
        thief.Cookies.Add(administrator.Cookies.GetAllCookies());
        using var asked = await RequireAsync(administrator, "true");
        using var given = await AnswerAsync(administrator, await AskedAsync(asked), Site.Password);
        Assert.Equal(HttpStatusCode.Redirect, given.StatusCode);
        using var copied = await thief.GetAsync("/users");
        Assert.StartsWith(Visitor.LoginPath, copied.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Single(await clinic.AuditAsync("Two-factor sign-in"));

        Site.Clock.Advance(TimeSpan.FromSeconds(30));
        using var within = await RequireAsync(administrator, "false");
        Assert.Equal(HttpStatusCode.Redirect, within.StatusCode);
        Site.Clock.Advance(TimeSpan.FromMinutes(10));
        using var after = await RequireAsync(administrator, "true");
        await AskedAsync(after);
        Assert.Equal(2, (await clinic.AuditAsync("Two-factor sign-in")).Count);
    }

    [Fact]
    public async Task Ending_ones_other_sessions_asks_and_this_one_goes_on()
    {
        var (clinic, _, administrator) = await LaterAsync();
        using var __ = administrator;
        using var other = await users.SignedInAsync(clinic.Administrator);
        using var asked = await administrator.PostAsync(Sessions, Sessions + "?handler=EndOthers");
        var page = await AskedAsync(asked);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(other));
        using var given = await AnswerAsync(administrator, page, Site.Password);
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.OK, HttpStatusCode.Redirect), (given.StatusCode, await StatusAsync(administrator), await StatusAsync(other)));

        Site.Clock.Advance(TimeSpan.FromMinutes(11));
        using var one = await administrator.PostAsync(Sessions, Sessions + "?handler=End", new Dictionary<string, string> { ["session"] = "any" });
        Assert.Equal("any", Value(await AskedAsync(one), "session"));
    }

    private static async Task<HttpStatusCode> StatusAsync(Visitor visitor)
    {
        using var answer = await visitor.GetAsync(Sessions);
        return answer.StatusCode;
    }

    [Fact]
    public async Task Switching_two_factor_on_asks_in_its_own_form()
    {
        var (clinic, _, administrator) = await LaterAsync();
        using var __ = administrator;
        var page = await administrator.PageAsync(TwoFactor);
        Assert.NotNull(page.GetElementById("passwordAgain"));
        var code = new Phone(page.QuerySelector("#authenticator-key")!.TextContent).CodeAt(Site.Clock.GetUtcNow());
        var form = new Dictionary<string, string> { ["key"] = Value(page, "key"), ["code"] = code };

        using var asked = await administrator.PostAsync(TwoFactor, TwoFactor + "?handler=On", form);
        Assert.Equal(code, Value(await AskedAsync(asked), "code"));
        Assert.False((await clinic.RowAsync(clinic.Administrator)).TwoFactorEnabled);

        form[PasswordAgainAttribute.Field] = Site.Password;
        using var on = await administrator.PostAsync(TwoFactor, TwoFactor + "?handler=On", form);
        Assert.Equal(10, (await Visitor.ReadAsync(on)).QuerySelectorAll(".recovery-codes code").Length);
        using var goesOn = await administrator.GetAsync("/users");
        Assert.Equal(HttpStatusCode.OK, goesOn.StatusCode);
    }

    /// <summary>A clinic, somebody in it, and its Administrator eleven minutes after signing in.</summary>
    private async Task<(Clinic Clinic, string Email, Visitor Administrator)> LaterAsync()
    {
        var clinic = await users.ClinicAsync();
        var email = await clinic.UserAsync();
        var administrator = await users.SignedInAsync(clinic.Administrator);
        Site.Clock.Advance(TimeSpan.FromMinutes(11));
        return (clinic, email, administrator);
    }

    private static async Task<IHtmlDocument> AskedAsync(HttpResponseMessage answer)
    {
        var page = await Visitor.ReadAsync(answer);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "Your password again"), (answer.StatusCode, page.QuerySelector("h1")!.TextContent));
        return page;
    }

    /// <summary>Posts the form that asks, as a browser without scripts would.</summary>
    private static Task<HttpResponseMessage> AnswerAsync(Visitor visitor, IHtmlDocument asked, string password)
    {
        var form = asked.QuerySelector<IHtmlFormElement>("main form")!;
        var fields = form.QuerySelectorAll<IHtmlInputElement>("input").ToDictionary(input => input.Name!, input => input.Name == PasswordAgainAttribute.Field ? password : input.Value);
        return visitor.Http.PostAsync(new Uri(form.GetAttribute("action")!, UriKind.Relative), new FormUrlEncodedContent(fields));
    }

    private static Task<HttpResponseMessage> RequireAsync(Visitor administrator, string required) =>
        administrator.PostAsync(Sessions, "/users?handler=RequireTwoFactor", new Dictionary<string, string> { ["required"] = required });

    private static string Value(IHtmlDocument page, string field) => page.QuerySelector<IHtmlInputElement>($"main input[name='{field}']")!.Value;
}

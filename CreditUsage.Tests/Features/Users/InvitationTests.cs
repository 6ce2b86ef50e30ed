using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Features.Users;

public sealed class InvitationTests(UsersSite users) : IClassFixture<UsersSite>
{
    private const string Chosen = "a phrase of my own";

    private Site Site => users.Site;

    [Fact]
    public async Task The_link_of_an_invitation_sets_the_password_once()
    {
        var clinic = await users.ClinicAsync();
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        var email = users.Address();
        var link = await Clinic.InviteAsync(administrator, email, Roles.Auditor);
        using var invited = new Visitor(Site);
        using var early = await invited.SignInAsync(email, Chosen);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, early.StatusCode);
        Site.Clock.Advance(TimeSpan.FromMinutes(1));
        await Wait.UntilAsync(async () => (await clinic.AuditAsync(email)).Count == 2);
        Assert.Contains(email, (await invited.PageAsync(link)).Body!.TextContent, StringComparison.Ordinal);

        using var set = await SetAsync(invited, link, Chosen);
        Assert.Contains("Your password is set.", (await Visitor.ReadAsync(set)).Body!.TextContent, StringComparison.Ordinal);
        await RefusedAsync(link, HttpStatusCode.Gone, "This link has been used");

        using var signedIn = await invited.SignInAsync(email, Chosen);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        using var changing = await invited.GetAsync("/imports");
        Assert.Contains("can upload files", (await Visitor.ReadAsync(changing)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(
        [
            $"{clinic.Administrator}: User: Invited as Auditor", "the sign-in page: SignInFailed: The invitation has not been taken: 1 try within a minute",
            $"{email}: User: Invitation taken, password set", $"{email}: SignIn: With the password",
        ], await clinic.AuditAsync(email));
    }

    [Fact]
    public async Task The_link_is_shown_once_and_says_that_mail_is_not_set_up()
    {
        var clinic = await users.ClinicAsync();
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        using var answer = await administrator.PostAsync("/users", "/users?handler=Invite", new Dictionary<string, string> { ["Input.Email"] = users.Address(), ["Input.Role"] = Roles.Auditor });
        var page = await Visitor.ReadAsync(answer);
        Assert.StartsWith(Site.ClientOptions.BaseAddress.ToString(), page.QuerySelector<IHtmlInputElement>("#invitation-link")!.Value, StringComparison.Ordinal);
        Assert.Contains("This server does not send e-mail", page.QuerySelector(".invitation")!.TextContent, StringComparison.Ordinal);
        Assert.Null((await administrator.PageAsync("/users")).QuerySelector("#invitation-link"));
    }

    [Fact]
    public async Task A_link_expires_after_three_days()
    {
        var (_, link) = await InvitedAsync();
        Site.Clock.Advance(TimeSpan.FromDays(3) - TimeSpan.FromSeconds(1));
        using var visitor = new Visitor(Site);
        Assert.NotNull((await visitor.PageAsync(link)).QuerySelector("input[name='Input.New']"));
        Site.Clock.Advance(TimeSpan.FromSeconds(1));
        await RefusedAsync(link, HttpStatusCode.Gone, "This link has expired");
    }

    [Fact]
    public async Task A_link_for_a_forgotten_password_expires_after_24_hours()
    {
        var (_, link) = await ForgottenAsync();
        Site.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        using var visitor = new Visitor(Site);
        Assert.NotNull((await visitor.PageAsync(link)).QuerySelector("input[name='Input.New']"));
        Site.Clock.Advance(TimeSpan.FromSeconds(1));
        await RefusedAsync(link, HttpStatusCode.Gone, "This link has expired");
    }

    [Fact]
    public async Task Changing_the_password_withdraws_a_link_for_another()
    {
        var (email, link) = await ForgottenAsync();
        using var remembered = await users.SignedInAsync(email);
        const string change = "/Identity/Account/Manage/ChangePassword";
        using var changed = await remembered.PostAsync(change, change, new Dictionary<string, string> { ["Input.Present"] = Site.Password, ["Input.New"] = Chosen, ["Input.Again"] = Chosen });
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        await RefusedAsync(link, HttpStatusCode.Gone, "withdrawn or replaced");
    }

    [Fact]
    public async Task Of_several_who_use_a_link_at_once_one_sets_the_password()
    {
        var (email, link) = await InvitedAsync();
        using var visitor = new Visitor(Site);
        var token = (await visitor.PageAsync(link)).QuerySelector<IHtmlInputElement>("input[name=__RequestVerificationToken]")!.Value;
        var passwords = Enumerable.Range(0, 5).Select(one => $"a phrase of number {one}").ToList();
        var pages = await Task.WhenAll(passwords.Select(async password =>
        {
            using var form = new FormUrlEncodedContent(new Dictionary<string, string>(Passwords(password, password)) { ["__RequestVerificationToken"] = token });
            using var answer = await visitor.Http.PostAsync(new Uri(link, UriKind.Relative), form);
            return await answer.Content.ReadAsStringAsync();
        }));
        Assert.Single(pages, page => page.Contains("Your password is set.", StringComparison.Ordinal));
        var set = passwords[Array.FindIndex(pages, page => page.Contains("Your password is set.", StringComparison.Ordinal))];
        using var signedIn = await visitor.SignInAsync(email, set);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
    }

    [Fact]
    public async Task A_link_of_before_is_withdrawn() => await RefusedAsync("/Identity/Account/AcceptInvitation?code=CfDJ8Nabcdefghijklmnopqrstuvwxyz", HttpStatusCode.Gone, "withdrawn or replaced");

    [Fact]
    public async Task A_link_that_was_tampered_with_is_none_of_ours()
    {
        var (_, link) = await InvitedAsync();
        foreach (var bad in new[] { link[..^1], link[..^5] + "AAAAA", link.Split('=')[0] + "=made-up", link.Split('?')[0], link.Split('=')[0] + "=" })
            await RefusedAsync(bad, HttpStatusCode.NotFound, "This link is not one of ours");
    }

    [Fact]
    public async Task A_new_link_ends_the_one_before()
    {
        var (clinic, email, administrator, link) = await WithAdministratorAsync();
        using var _ = administrator;
        var path = await clinic.PathAsync(email);
        using var again = await administrator.PostAsync(path, path + "?handler=Link");
        var newer = new Uri((await Visitor.ReadAsync(again)).QuerySelector<IHtmlInputElement>("#invitation-link")!.Value).PathAndQuery;
        await RefusedAsync(link, HttpStatusCode.Gone, "withdrawn or replaced");
        using var visitor = new Visitor(Site);
        using var set = await SetAsync(visitor, newer, Chosen);
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        Assert.Contains($"{clinic.Administrator}: User: Invited again", await clinic.AuditAsync(email));
    }

    [Fact]
    public async Task A_forgotten_password_is_replaced_by_a_link_and_ends_the_sessions()
    {
        var clinic = await users.ClinicAsync();
        var email = await clinic.UserAsync();
        using var session = await users.SignedInAsync(email);
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        var path = await clinic.PathAsync(email);
        using var made = await administrator.PostAsync(path, path + "?handler=Link");
        var link = new Uri((await Visitor.ReadAsync(made)).QuerySelector<IHtmlInputElement>("#invitation-link")!.Value).PathAndQuery;
        using var visitor = new Visitor(Site);
        using var set = await SetAsync(visitor, link, Chosen);
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        await RefusedAsync(link, HttpStatusCode.Gone, "This link has been used");

        Site.Clock.Advance(TimeSpan.FromSeconds(61));
        using var over = await session.GetAsync("/usage-report");
        using var old = await visitor.SignInAsync(email, Site.Password);
        using var renewed = await visitor.SignInAsync(email, Chosen);
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity, HttpStatusCode.Redirect), (over.StatusCode, old.StatusCode, renewed.StatusCode));
        Assert.Contains($"{clinic.Administrator}: User: Link for a new password made", await clinic.AuditAsync(email));
        Assert.Contains($"{email}: User: New password set by a link", await clinic.AuditAsync(email));
    }

    [Fact]
    public async Task Administrators_get_no_link_for_themselves_nor_for_a_disabled_account()
    {
        var clinic = await users.ClinicAsync();
        var email = await clinic.UserAsync();
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        var path = await clinic.PathAsync(email);
        (await administrator.PostAsync(path, path + "?handler=Disable")).Dispose();
        foreach (var refused in new[] { path, await clinic.PathAsync(clinic.Administrator) })
        {
            using var answer = await administrator.PostAsync("/users", refused + "?handler=Link");
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.Null((await Visitor.ReadAsync(answer)).QuerySelector("#invitation-link"));
        }
    }

    [Fact]
    public async Task Disabling_withdraws_an_invitation()
    {
        var (clinic, email, administrator, link) = await WithAdministratorAsync();
        using var _ = administrator;
        var path = await clinic.PathAsync(email);
        (await administrator.PostAsync(path, path + "?handler=Disable")).Dispose();
        await RefusedAsync(link, HttpStatusCode.Gone, "withdrawn or replaced");
        (await administrator.PostAsync(path, path + "?handler=Enable")).Dispose();
        await RefusedAsync(link, HttpStatusCode.Gone, "withdrawn or replaced");
    }

    [Theory]
    [InlineData("", "", "Enter a password.")]
    [InlineData("too short", "too short", "Passwords must be at least 12 characters.")]
    [InlineData("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "Passwords must use at least 5 different characters.")]
    [InlineData(Chosen, "another phrase", "This is not the password above.")]
    public async Task A_password_that_will_not_do_is_refused_and_the_link_stays_good(string password, string again, string sentence)
    {
        var (_, link) = await InvitedAsync();
        using var visitor = new Visitor(Site);
        using var refused = await SetAsync(visitor, link, password, again);
        var page = await Visitor.ReadAsync(refused);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, sentence), (refused.StatusCode, page.QuerySelector(".fault-summary a")?.TextContent));
        using var set = await SetAsync(visitor, link, Chosen);
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
    }

    private async Task<(Clinic Clinic, string Email, Visitor Administrator, string Link)> WithAdministratorAsync()
    {
        var clinic = await users.ClinicAsync();
        var administrator = await users.SignedInAsync(clinic.Administrator);
        var email = users.Address();
        return (clinic, email, administrator, await Clinic.InviteAsync(administrator, email));
    }

    private async Task<(string Email, string Link)> ForgottenAsync()
    {
        var clinic = await users.ClinicAsync();
        var email = await clinic.UserAsync();
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        var path = await clinic.PathAsync(email);
        using var made = await administrator.PostAsync(path, path + "?handler=Link");
        return (email, new Uri((await Visitor.ReadAsync(made)).QuerySelector<IHtmlInputElement>("#invitation-link")!.Value).PathAndQuery);
    }

    private async Task<(string Email, string Link)> InvitedAsync()
    {
        var (_, email, administrator, link) = await WithAdministratorAsync();
        administrator.Dispose();
        return (email, link);
    }

    private async Task RefusedAsync(string link, HttpStatusCode status, string words)
    {
        using var visitor = new Visitor(Site);
        using var get = await visitor.GetAsync(link);
        Assert.Equal(status, get.StatusCode);
        var page = await Visitor.ReadAsync(get);
        Assert.Contains(words, page.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("input[name='Input.New']"));
        using var post = await visitor.PostAsync(Visitor.LoginPath, link, Passwords("a phrase of a thief", "a phrase of a thief"));
        Assert.Equal(status, post.StatusCode);
    }

    private static Task<HttpResponseMessage> SetAsync(Visitor visitor, string link, string password, string? again = null) => visitor.PostAsync(link, link, Passwords(password, again ?? password));

    private static Dictionary<string, string> Passwords(string password, string again) => new() { ["Input.New"] = password, ["Input.Again"] = again };
}

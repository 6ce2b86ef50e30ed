using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Areas.Identity.Pages.Account;
using CreditUsage.Features.Users;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Features.Users;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Platform.Security;

/// <summary>One account with a role in each of several clinics: it is in one at a time, and what one clinic does stays there.</summary>
public sealed class SeveralClinicsTests(UsersSite users) : IClassFixture<UsersSite>
{
    private const string Chosen = "a phrase of my own";
    private const string Refused = "This account opens another clinic too";

    private Site Site => users.Site;

    [Fact, Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.ForeignIds)]
    public async Task Whoever_invites_an_address_is_not_told_whether_it_has_an_account()
    {
        var (first, second) = (await ClinicAsync("First"), await ClinicAsync("Second"));
        var (known, unknown) = (await first.UserAsync(), users.Address());
        using var administrator = await users.SignedInAsync(second.Administrator);
        using var person = await users.SignedInAsync(known);
        await users.SetUpTwoFactorAsync(person);
        var (asWritten, other) = (known.Replace("person", "Person", StringComparison.Ordinal), unknown.Replace("person", "Person", StringComparison.Ordinal));

        async Task<string[]> LooksAsync(string written, string email)
        {
            using var answer = await administrator.PostAsync("/users", "/users?handler=Invite", Form(("Input.Email", written), ("Input.Role", Roles.Auditor)));
            var page = await Visitor.ReadAsync(answer);
            var link = new Uri(page.QuerySelector<IHtmlInputElement>("#invitation-link")!.Value).PathAndQuery;
            using var stranger = new Visitor(Site);
            var path = await second.PathAsync(email);
            return [.. new[]
            {
                page.QuerySelector(".invitation")!.TextContent, page.QuerySelector($"tr[data-user='{path.Split('/')[^1]}']")!.TextContent,
                (await administrator.PageAsync(path)).QuerySelector("main")!.TextContent, (await stranger.PageAsync(link)).QuerySelector("main")!.TextContent,
            }.Select(text => text.Replace(written, "ADDRESS", StringComparison.Ordinal))];
        }

        Assert.Equal(await LooksAsync(other, unknown.Replace("person", "Person", StringComparison.Ordinal)), await LooksAsync(asWritten, known));
        using var again = await administrator.PostAsync("/users", "/users?handler=Invite", Form(("Input.Email", known), ("Input.Role", Roles.Auditor)));
        Assert.StartsWith("This address is in the list already.", (await Visitor.ReadAsync(again)).QuerySelector(".fault-summary a")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invitation_is_taken_with_the_password_that_one_has_and_each_clinic_hears_of_itself_alone()
    {
        var (first, second) = (await ClinicAsync("First"), await ClinicAsync("Second"));
        var email = await first.UserAsync();
        var link = await InvitedAsync(second, email, Roles.Administrator);
        using var visitor = new Visitor(Site);
        var page = await visitor.PageAsync(link);
        Assert.Contains($"{second.Administrator} invites you to CreditUsage of Second, as Administrator.", page.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, AcceptInvitationModel.WrongPassword), await FaultAsync(visitor, link, "&handler=Accept", ("password", "not the right one")));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, AcceptInvitationModel.HasPassword), await FaultAsync(visitor, link, "", ("Input.New", Chosen), ("Input.Again", Chosen)));

        // In a session nothing is asked for again.
        using var here = await users.SignedInAsync(email);
        Assert.Null((await here.PageAsync(link)).QuerySelector("main input[type=password]"));
        using (var joined = await here.PostAsync(link, link + "&handler=Accept")) Assert.Contains("You have joined Second.", (await Visitor.ReadAsync(joined)).Body!.TextContent, StringComparison.Ordinal);
        using (var used = await here.GetAsync(link)) Assert.Equal(HttpStatusCode.Gone, used.StatusCode);

        Assert.Equal(["First", "Second"], Names(await here.PageAsync("/dashboard")).Order(StringComparer.Ordinal));
        await EnterAsync(here, second);
        Assert.Equal(
        [
            $"{second.Administrator}: User: Invited as Administrator", $"{email}: SignInFailed: Wrong password or code, 1 of 10", $"{email}: User: Invitation taken", $"{email}: SignIn: By the switch of clinics",
        ], [(await second.AuditAsync(email))[0], .. (await first.AuditAsync(email)).Where(entry => entry.Contains("Failed", StringComparison.Ordinal)), .. (await second.AuditAsync(email)).Skip(1)]);
        Assert.DoesNotContain(await Site.AuditAsync(first.Id), entry => entry.Contains("Invited", StringComparison.Ordinal) || entry.Contains("switch", StringComparison.Ordinal));
        Assert.Null((await second.CheckAuditAsync()).FirstBroken);
    }

    [Fact, Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.ForeignIds)]
    public async Task A_session_is_in_one_clinic_with_the_role_there_and_sees_nothing_of_the_other()
    {
        var (first, second) = (await ClinicAsync("First"), await ClinicAsync("Second"));
        var (colleague, other) = (await first.UserAsync(), await second.UserAsync());
        Assert.True((await Site.ImportRowsAsync(first.Id, CsvRow.Session("OFFIRST", "2026-10-03T09:00:00Z"))).Stored);
        using var visitor = await WithBothAsync(first, Roles.Administrator, second, Roles.Administrator);
        using var financier = await WithBothAsync(first, Roles.Administrator, second, Roles.FinanceAdministrator);
        var (ofFirst, ofSecond) = (await first.PathAsync(colleague), await second.PathAsync(other));
        const string csv = "/usage-report/csv?year=2026&month=10&sessions=true&topUps=true";

        await EnterAsync(visitor, first);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (await StatusAsync(visitor, ofFirst), await StatusAsync(visitor, ofSecond)));
        Assert.Contains("OFFIRST", await visitor.Http.GetStringAsync(new Uri(csv, UriKind.Relative)), StringComparison.Ordinal);
        await EnterAsync(visitor, second);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), (await StatusAsync(visitor, ofFirst), await StatusAsync(visitor, ofSecond)));
        Assert.DoesNotContain("OFFIRST", await visitor.Http.GetStringAsync(new Uri(csv, UriKind.Relative)), StringComparison.Ordinal);
        using (var changed = await visitor.PostAsync("/users", ofFirst + "?handler=Disable")) Assert.Equal(HttpStatusCode.NotFound, changed.StatusCode);
        Assert.Equal("Second", (await visitor.PageAsync("/users")).QuerySelector("header .clinic-name")!.TextContent);

        // The role is that of the clinic, also after the claims were made anew.
        await EnterAsync(financier, second);
        Site.Clock.Advance(TimeSpan.FromSeconds(61));
        using (var denied = await financier.GetAsync("/users")) Assert.Contains("AccessDenied", denied.Headers.Location!.OriginalString, StringComparison.Ordinal);
        await EnterAsync(financier, first);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(financier, "/users"));
        using var stranger = await financier.PostAsync("/dashboard", "/clinics?handler=Enter", Form(("clinic", $"{(await ClinicAsync("Third")).Id}")));
        Assert.Equal(HttpStatusCode.NotFound, stranger.StatusCode);
    }

    [Fact]
    public async Task What_a_clinic_changes_ends_the_sessions_there_alone_and_a_sign_in_enters_what_is_left()
    {
        var (first, second) = (await ClinicAsync("First"), await ClinicAsync("Second"));
        var email = await first.UserAsync();
        await JoinAsync(second, email, Roles.Administrator);
        using var inFirst = await users.SignedInAsync(email);
        await EnterAsync(inFirst, first);
        Site.Clock.Advance(TimeSpan.FromSeconds(1));
        using var inSecond = await users.SignedInAsync(email);
        await EnterAsync(inSecond, second);
        using var administrator = await users.SignedInAsync(second.Administrator);
        var path = await second.PathAsync(email);

        foreach (var (handler, enters) in new[] { ("Role", "Second"), ("Disable", "First"), ("Enable", "Second"), ("Remove", "First") })
        {
            (await administrator.PostAsync(path, $"{path}?handler={handler}", Form(("role", Roles.Auditor)))).Dispose();
            Assert.Equal((handler, HttpStatusCode.OK), (handler, await StatusAsync(inFirst, "/dashboard")));
            if (handler != "Enable") Assert.Equal((handler, HttpStatusCode.Redirect), (handler, await StatusAsync(inSecond, "/dashboard")));
            (await inSecond.SignInAsync(email, Site.Password)).Dispose();
            Assert.Equal((handler, enters), (handler, (await inSecond.PageAsync("/dashboard")).QuerySelector("header .clinic-name")!.TextContent));
        }
        Assert.Null((await inSecond.PageAsync("/dashboard")).QuerySelector("#clinic-menu"));
        var left = await administrator.PageAsync("/users");
        Assert.Equal($"{email} was removed from this clinic.", left.QuerySelector("main [role=status]")!.TextContent);
        Assert.DoesNotContain(email, left.QuerySelector(".users-table")!.TextContent, StringComparison.Ordinal);
        Assert.Equal($"{second.Administrator}: User: Removed from the clinic", (await second.AuditAsync(email))[^1]);

        using var ofFirst = await users.SignedInAsync(first.Administrator);
        (await ofFirst.PostAsync(path, path + "?handler=Remove")).Dispose();
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.Redirect), (await StatusAsync(inFirst, "/dashboard"), await StatusAsync(inSecond, "/dashboard")));
        using var outside = new Visitor(Site);
        using var told = await outside.SignInAsync(email, Site.Password);
        Assert.Contains(LoginModel.NoClinic, (await Visitor.ReadAsync(told)).Body!.TextContent, StringComparison.Ordinal);
        using var guessed = await outside.SignInAsync(email, "not the right one");
        Assert.Contains(LoginModel.Refusal, (await Visitor.ReadAsync(guessed)).Body!.TextContent, StringComparison.Ordinal);
        // Invited again, they come back with the password that they had.
        await JoinAsync(first, email, Roles.Auditor);
        using var back = await users.SignedInAsync(email);
        Assert.Equal("First", (await back.PageAsync("/dashboard")).QuerySelector("header .clinic-name")!.TextContent);
    }

    [Fact]
    public async Task No_clinics_Administrator_can_take_over_an_account_that_opens_another()
    {
        var (first, second) = (await ClinicAsync("First"), await ClinicAsync("Second"));
        var email = await second.UserAsync();
        var path = await second.PathAsync(email);
        using var attacker = await users.SignedInAsync(second.Administrator);
        using var made = await attacker.PostAsync(path, path + "?handler=Link");
        var link = new Uri((await Visitor.ReadAsync(made)).QuerySelector<IHtmlInputElement>("#invitation-link")!.Value).PathAndQuery;
        using var session = await users.SignedInAsync(email);

        await JoinAsync(first, email, Roles.Administrator);

        // What was made before, while the account opened one clinic, is worth nothing now.
        using var stranger = new Visitor(Site);
        Assert.Equal((HttpStatusCode.Gone, HttpStatusCode.Redirect), (await StatusAsync(stranger, link), await StatusAsync(session, "/dashboard")));
        foreach (var handler in new[] { "Link", "ResetTwoFactor", "Unlock" })
        {
            using var refused = await attacker.PostAsync("/users", $"{path}?handler={handler}");
            Assert.Equal((handler, HttpStatusCode.UnprocessableEntity), (handler, refused.StatusCode));
            Assert.StartsWith(Refused, (await Visitor.ReadAsync(refused)).QuerySelector(".fault-summary li")!.TextContent, StringComparison.Ordinal);
        }
        var page = await attacker.PageAsync(path);
        Assert.StartsWith(ChangeUser.OfSeveralClinics, page.QuerySelector("[data-shared]")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("form[action*=Link], form[action*=ResetTwoFactor], form[action*=Unlock]"));
    }

    [Fact]
    public async Task A_password_set_by_one_clinics_invitation_does_not_take_anothers()
    {
        var (first, second) = (await ClinicAsync("First"), await ClinicAsync("Second"));
        var email = users.Address();
        var (ofFirst, ofSecond) = (await InvitedAsync(first, email, Roles.Administrator), await InvitedAsync(second, email, Roles.Auditor));
        using var visitor = new Visitor(Site);
        (await visitor.PostAsync(ofSecond, ofSecond, Form(("Input.New", Chosen), ("Input.Again", Chosen)))).Dispose();
        (await visitor.SignInAsync(email, Chosen)).Dispose();
        var page = await visitor.PageAsync("/dashboard");
        Assert.Equal(("Second", null), (page.QuerySelector("header .clinic-name")!.TextContent, page.QuerySelector("#clinic-menu")));
        using (var early = await visitor.PostAsync("/dashboard", "/clinics?handler=Enter", Form(("clinic", $"{first.Id}")))) Assert.Equal(HttpStatusCode.NotFound, early.StatusCode);
        using var joined = await visitor.PostAsync(ofFirst, ofFirst + "&handler=Accept", Form(("password", Chosen)));
        Assert.Contains("You have joined First.", (await Visitor.ReadAsync(joined)).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_of_one_clinic_writes_into_no_other_after_a_switch_in_another_tab()
    {
        var (first, second) = (await ClinicAsync("First"), await ClinicAsync("Second"));
        using var visitor = await WithBothAsync(first, Roles.Administrator, second, Roles.Administrator);
        await EnterAsync(visitor, first);
        var form = await visitor.PageAsync("/users");
        var token = form.QuerySelector<IHtmlInputElement>("main input[name=__RequestVerificationToken]")!.Value;
        await EnterAsync(visitor, second);
        var invited = users.Address();

        async Task<HttpResponseMessage> OldTabAsync(string path, params (string, string)[] fields)
        {
            using var content = new FormUrlEncodedContent(Form([.. fields, ("__RequestVerificationToken", token)]));
            return await visitor.Http.PostAsync(new Uri(path, UriKind.Relative), content);
        }

        using (var refused = await OldTabAsync("/users?handler=Invite", ("Input.Email", invited), ("Input.Role", Roles.Auditor)))
        {
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("you have switched since. Nothing was changed.", (await Visitor.ReadAsync(refused)).QuerySelector("[data-problem]")!.TextContent, StringComparison.Ordinal);
        }
        foreach (var clinic in new[] { first, second }) Assert.Empty(await clinic.AuditAsync(invited));
        // What is of no clinic is done from there as well, and a part of the page is not mixed with it.
        using (var theme = await OldTabAsync("/theme", ("theme", "dark"), ("returnUrl", "/dashboard"))) Assert.Equal(HttpStatusCode.Redirect, theme.StatusCode);
        Assert.Equal($"{{\"X-Clinic\":\"{first.Id}\"}}", form.Body!.GetAttribute("hx-headers"));
        foreach (var (path, refresh) in new[] { ("/users", true), ("/running-work", false) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("HX-Request", "true");
            request.Headers.Add(EnterSubscription.Shown, $"{first.Id}");
            using var part = await visitor.Http.SendAsync(request);
            Assert.Equal((path, HttpStatusCode.NoContent, refresh), (path, part.StatusCode, part.Headers.Contains("HX-Refresh")));
        }
        using var switched = await OldTabAsync("/clinics?handler=Enter", ("clinic", $"{first.Id}"));
        Assert.Equal(HttpStatusCode.Redirect, switched.StatusCode);
    }

    [Fact]
    public async Task Two_factor_is_needed_in_every_clinic_where_one_of_them_requires_it()
    {
        var (first, second) = (await ClinicAsync("First"), await ClinicAsync("Second"));
        using var strict = await users.SignedInAsync(first.Administrator);
        await users.SetUpTwoFactorAsync(strict);
        (await strict.PostAsync("/users", "/users?handler=RequireTwoFactor", Form(("required", "true")))).Dispose();
        var email = await second.UserAsync();
        var link = await InvitedAsync(first, email, Roles.Auditor, strict);
        using var visitor = await users.SignedInAsync(email);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(visitor, "/dashboard"));
        (await visitor.PostAsync(link, link + "&handler=Accept")).Dispose();
        using var blocked = await visitor.GetAsync("/dashboard");
        Assert.EndsWith(RequireSecondFactor.SetUp, blocked.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    private async Task<Clinic> ClinicAsync(string name)
    {
        var id = await Site.SubscriptionAsync(name, new DateOnly(2026, 1, 1));
        return new Clinic(users, id, await users.UserAsync(id, Roles.Administrator));
    }

    private async Task<string> InvitedAsync(Clinic clinic, string email, string role, Visitor? by = null)
    {
        if (by is not null) return await Clinic.InviteAsync(by, email, role);
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        return await Clinic.InviteAsync(administrator, email, role);
    }

    private async Task JoinAsync(Clinic clinic, string email, string role)
    {
        var link = await InvitedAsync(clinic, email, role);
        using var visitor = new Visitor(Site);
        using var joined = await visitor.PostAsync(link, link + "&handler=Accept", Form(("password", Site.Password)));
        Assert.Equal(HttpStatusCode.OK, joined.StatusCode);
    }

    private async Task<Visitor> WithBothAsync(Clinic first, string roleInFirst, Clinic second, string roleInSecond)
    {
        var email = await first.UserAsync(roleInFirst);
        await JoinAsync(second, email, roleInSecond);
        return await users.SignedInAsync(email);
    }

    /// <summary>By the menu in the header.</summary>
    private static async Task EnterAsync(Visitor visitor, Clinic clinic)
    {
        using var entered = await visitor.PostAsync("/dashboard", "/clinics?handler=Enter", Form(("clinic", $"{clinic.Id}")));
        Assert.Equal("/dashboard", entered.Headers.Location!.OriginalString);
        Assert.Equal($"{clinic.Id}", (await visitor.PageAsync("/dashboard")).QuerySelector("#clinic-menu button[aria-current]")!.GetAttribute("value"));
    }

    private static IEnumerable<string> Names(IHtmlDocument page) => page.QuerySelectorAll("#clinic-menu button").Select(button => button.TextContent.Trim());

    private static async Task<(HttpStatusCode, string?)> FaultAsync(Visitor visitor, string link, string handler, params (string, string)[] fields)
    {
        using var answer = await visitor.PostAsync(link, link + handler, Form(fields));
        return (answer.StatusCode, (await Visitor.ReadAsync(answer)).QuerySelector(".fault-summary li")?.TextContent);
    }

    private static async Task<HttpStatusCode> StatusAsync(Visitor visitor, string path)
    {
        using var answer = await visitor.GetAsync(path);
        return answer.StatusCode;
    }

    private static Dictionary<string, string> Form(params (string Name, string Value)[] fields) => fields.ToDictionary(field => field.Name, field => field.Value);
}

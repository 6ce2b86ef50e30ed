using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Core;
using CreditUsage.Features.Users;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Users;

public sealed class ChangeUserTests(UsersSite users) : IClassFixture<UsersSite>
{
    private Site Site => users.Site;

    [Fact]
    public async Task Disabling_ends_the_sessions_and_keeps_the_user_out_until_enabled()
    {
        var clinic = await users.ClinicAsync();
        var email = await clinic.UserAsync();
        using var session = await users.SignedInAsync(email);
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(session, "/usage-report"));

        await DoAsync(administrator, clinic, email, "Disable");

        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(session, "/usage-report"));
        using var stranger = new Visitor(Site);
        using var refused = await stranger.SignInAsync(email, Site.Password);
        using var unknown = await stranger.SignInAsync(users.Address(), Site.Password);
        using var guessed = await stranger.SignInAsync(email, "not the right password");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal(await FaultAsync(unknown), await FaultAsync(guessed));
        Assert.Contains("No clinic gives this account access now.", await FaultAsync(refused), StringComparison.Ordinal);

        Site.Clock.Advance(TimeSpan.FromMinutes(1));
        await Wait.UntilAsync(async () => (await clinic.AuditAsync(email)).Count == 5);
        await DoAsync(administrator, clinic, email, "Enable");
        using var back = await users.SignedInAsync(email);
        Assert.Equal(
        [
            "CreditUsage: User: Created as FinanceAdministrator", $"{email}: SignIn: With the password", $"{clinic.Administrator}: User: Disabled", "the sign-in page: SignInFailed: Wrong password or code, 1 of 10",
            "the sign-in page: SignInFailed: The account is disabled: 1 try within a minute", $"{clinic.Administrator}: User: Enabled", $"{email}: SignIn: With the password",
        ], await clinic.AuditAsync(email));
    }

    [Fact]
    public async Task Who_is_disabled_between_password_and_code_stays_out()
    {
        var clinic = await users.ClinicAsync();
        var email = await clinic.UserAsync();
        using var owner = await users.SignedInAsync(email);
        var (phone, codes) = await users.SetUpTwoFactorAsync(owner);
        Site.Clock.Advance(TimeSpan.FromSeconds(30));
        using var visitor = new Visitor(Site);
        (await visitor.SignInAsync(email, Site.Password)).Dispose();
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        await DoAsync(administrator, clinic, email, "Disable");

        foreach (var (path, code) in new[]
        {
            ("/Identity/Account/SecondStep", phone.CodeAt(Site.Clock.GetUtcNow())), ("/Identity/Account/RecoveryCode", codes.QuerySelector(".recovery-codes code")!.TextContent),
        })
        {
            using var answer = await visitor.PostAsync(path, path, new Dictionary<string, string> { ["Code"] = code });
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        }
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(visitor, "/usage-report"));
    }

    [Fact]
    public async Task Unlocking_lets_a_locked_user_in_before_midnight()
    {
        var clinic = await users.ClinicAsync();
        var email = await clinic.UserAsync();
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            using var stranger = new Visitor(Site);
            (await stranger.SignInAsync(email, "not the right password")).Dispose();
        }
        Assert.Contains("Locked until 23/11/2026 00:00 GMT", (await administrator.PageAsync(await clinic.PathAsync(email))).Body!.TextContent, StringComparison.Ordinal);

        await DoAsync(administrator, clinic, email, "Unlock");

        using var back = await users.SignedInAsync(email);
        Assert.Contains($"{clinic.Administrator}: Unlock: By an Administrator", await clinic.AuditAsync(email));
    }

    [Fact]
    public async Task A_changed_role_ends_its_owners_sessions_and_counts_from_the_next_sign_in()
    {
        var clinic = await users.ClinicAsync();
        var email = await clinic.UserAsync(Roles.Administrator);
        using var session = await users.SignedInAsync(email);
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(session, "/users"));

        await DoAsync(administrator, clinic, email, "Role", Roles.FinanceAdministrator);

        using var over = await session.GetAsync("/users");
        Assert.StartsWith(Visitor.LoginPath, over.Headers.Location!.OriginalString, StringComparison.Ordinal);
        using var back = await users.SignedInAsync(email);
        using var denied = await back.GetAsync("/users");
        Assert.Contains("AccessDenied", denied.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(back, "/usage-report"));
        Assert.Contains($"{clinic.Administrator}: User: Role changed from Administrator to FinanceAdministrator", await clinic.AuditAsync(email));
    }

    [Fact]
    public async Task A_role_that_another_Administrator_gave_meanwhile_is_not_overwritten_and_is_shown()
    {
        var clinic = await users.ClinicAsync();
        var (email, other) = (await clinic.UserAsync(Roles.Auditor), await clinic.UserAsync(Roles.Administrator));
        using var first = await users.SignedInAsync(clinic.Administrator);
        using var second = await users.SignedInAsync(other);
        var path = await clinic.PathAsync(email);
        var form = await first.PageAsync(path);
        var fields = form.QuerySelectorAll<IHtmlInputElement>("form[action$='Role'] input[type=hidden]").ToDictionary(field => field.Name!, field => field.Value);
        await DoAsync(second, clinic, email, "Role", Roles.FinanceAdministrator);

        fields["role"] = Roles.Administrator;
        using var refused = await first.PostAsync(path, path + "?handler=Role", fields);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        var page = await Visitor.ReadAsync(refused);
        Assert.Equal(["Finance Administrator", "Administrator"], page.QuerySelectorAll("[data-saved-meanwhile] td").Select(cell => cell.TextContent));
        Assert.Equal("Finance Administrator", page.QuerySelector("dl.user-facts dd")!.TextContent);

        // With what is shown now it is a decision.
        await DoAsync(first, clinic, email, "Role", Roles.Administrator);
        Assert.Equal("Administrator", (await first.PageAsync(path)).QuerySelector("dl.user-facts dd")!.TextContent);
    }

    [Fact]
    public async Task A_role_that_does_not_exist_is_refused()
    {
        var clinic = await users.ClinicAsync();
        var email = await clinic.UserAsync();
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        Assert.Equal("Choose a role from the list.", await RefusedAsync(administrator, clinic, email, "Role", "Owner"));
    }

    [Theory]
    [InlineData("Disable")]
    [InlineData("Role")]
    public async Task Administrators_cannot_disable_or_demote_themselves(string handler)
    {
        var clinic = await users.ClinicAsync();
        await clinic.UserAsync(Roles.Administrator);
        using var administrator = await users.SignedInAsync(clinic.Administrator);
        Assert.StartsWith("You cannot do this to your own account.", await RefusedAsync(administrator, clinic, clinic.Administrator, handler, Roles.Auditor), StringComparison.Ordinal);
        Assert.Empty((await administrator.PageAsync(await clinic.PathAsync(clinic.Administrator))).QuerySelectorAll("main form"));
    }

    /// <summary>As two who demote each other at the same moment: a session of the first ends with its role, so the page cannot be asked.</summary>
    [Theory]
    [InlineData("Disable")]
    [InlineData("Role")]
    public async Task The_last_Administrator_stays_one_even_against_one_who_was_an_Administrator_a_moment_ago(string handler)
    {
        var clinic = await users.ClinicAsync();
        var second = await clinic.UserAsync(Roles.Administrator);
        using var administrator = await users.SignedInAsync(second);
        var invited = users.Address();
        await Clinic.InviteAsync(administrator, invited, Roles.Administrator);
        await DoAsync(administrator, clinic, clinic.Administrator, "Role", Roles.Auditor);

        var id = Guid.Parse((await clinic.RowAsync(second)).Id);
        var refused = await Site.InAsync(clinic.Id, services =>
        {
            var change = services.GetRequiredService<ChangeUser>();
            return handler == "Role" ? change.RoleAsync(id, Roles.Auditor, clinic.Administrator, FormVersion.Of(Roles.Administrator), CancellationToken.None) : change.DisableAsync(id, clinic.Administrator, CancellationToken.None);
        });
        Assert.StartsWith("This is the last Administrator.", refused, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(administrator, "/users"));
    }

    [Fact]
    public async Task Resetting_two_factor_lets_the_password_alone_in_and_ends_the_sessions()
    {
        var clinic = await users.ClinicAsync();
        var email = await clinic.UserAsync();
        using var session = await users.SignedInAsync(email);
        var (phone, _) = await users.SetUpTwoFactorAsync(session);
        using var administrator = await users.SignedInAsync(clinic.Administrator);

        await DoAsync(administrator, clinic, email, "ResetTwoFactor");

        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(session, "/usage-report"));
        using var back = await users.SignedInAsync(email);
        var (renewed, page) = await users.SetUpTwoFactorAsync(back);
        Assert.NotEqual(phone.Key, renewed.Key);
        Assert.Equal(10, page.QuerySelectorAll(".recovery-codes code").Length);
        Assert.Contains($"{clinic.Administrator}: User: Two-factor sign-in reset by an Administrator", await clinic.AuditAsync(email));
    }

    private static async Task<HttpResponseMessage> PostAsync(Visitor administrator, Clinic clinic, string email, string handler, string role)
    {
        var path = await clinic.PathAsync(email);
        return await administrator.PostAsync(path, $"{path}?handler={handler}", new Dictionary<string, string> { ["role"] = role });
    }

    private static async Task DoAsync(Visitor administrator, Clinic clinic, string email, string handler, string role = "")
    {
        using var answer = await PostAsync(administrator, clinic, email, handler, role);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.NotNull((await administrator.PageAsync(answer.Headers.Location!.OriginalString)).QuerySelector("[role=status]"));
    }

    private static async Task<string?> RefusedAsync(Visitor administrator, Clinic clinic, string email, string handler, string role)
    {
        using var answer = await PostAsync(administrator, clinic, email, handler, role);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        return (await Visitor.ReadAsync(answer)).QuerySelector(".fault-summary li")?.TextContent;
    }

    private static async Task<string> FaultAsync(HttpResponseMessage answer) => (await Visitor.ReadAsync(answer)).QuerySelector(".fault-summary")!.TextContent;

    private static async Task<HttpStatusCode> StatusAsync(Visitor visitor, string path)
    {
        using var answer = await visitor.GetAsync(path);
        return answer.StatusCode;
    }
}

using System.Net;
using CreditUsage.Tests.Features.Users;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Platform.Security;

public sealed class AccountAuditTests(UsersSite users) : IClassFixture<UsersSite>
{
    private const string Wrong = "not the right password";
    private const string ChangePassword = "/Identity/Account/Manage/ChangePassword";

    [Fact]
    public async Task Signing_in_and_out_and_a_wrong_password_are_written_down()
    {
        var clinic = await users.ClinicAsync();
        var email = await clinic.UserAsync();
        using var visitor = new Visitor(users.Site);
        (await visitor.SignInAsync(email.ToUpperInvariant(), Wrong)).Dispose();
        (await visitor.SignInAsync(email, Site.Password)).Dispose();
        (await visitor.PostAsync("/usage-report", "/Identity/Account/Logout")).Dispose();
        (await visitor.PostAsync(Visitor.LoginPath, "/Identity/Account/Logout")).Dispose();
        Assert.Equal(
        [
            "CreditUsage: User: Created as FinanceAdministrator", "the sign-in page: SignInFailed: Wrong password or code, 1 of 10", $"{email}: SignIn: With the password", $"{email}: SignOut: ",
        ], await clinic.AuditAsync(email));
        Assert.Null((await clinic.CheckAuditAsync()).FirstBroken);
    }

    [Fact]
    public async Task Trying_at_a_locked_account_is_written_down_and_counts_no_further()
    {
        var clinic = await users.ClinicAsync();
        var email = await clinic.UserAsync();
        for (var attempt = 1; attempt <= 12; attempt++)
        {
            using var visitor = new Visitor(users.Site);
            (await visitor.SignInAsync(email, Wrong)).Dispose();
        }
        Assert.Equal(
        [
            .. Enumerable.Range(1, 10).Select(count => $"the sign-in page: SignInFailed: Wrong password or code, {count} of 10"), "the sign-in page: Lock: Until the next 00:00 GMT",
            "the sign-in page: SignInFailed: The account is locked", "the sign-in page: SignInFailed: The account is locked",
        ], (await clinic.AuditAsync(email)).Skip(1));
    }

    [Fact]
    public async Task A_changed_password_and_a_wrong_one_where_it_is_changed_are_written_down()
    {
        var clinic = await users.ClinicAsync();
        var email = await clinic.UserAsync();
        using var visitor = await users.SignedInAsync(email);
        foreach (var present in new[] { Wrong, Site.Password })
            (await visitor.PostAsync(ChangePassword, ChangePassword, new Dictionary<string, string> { ["Input.Present"] = present, ["Input.New"] = "a quite different phrase", ["Input.Again"] = "a quite different phrase" })).Dispose();
        Assert.Equal([$"{email}: SignInFailed: Wrong password or code, 1 of 10", $"{email}: User: Password changed"], (await clinic.AuditAsync(email)).Skip(2));
    }

    [Fact]
    public async Task Whoever_was_signed_in_before_the_entry_is_the_accounts_own()
    {
        var (clinic, other) = (await users.ClinicAsync(), await users.ClinicAsync());
        using var visitor = await users.SignedInAsync(clinic.Administrator);
        using var failed = await visitor.SignInAsync(other.Administrator, Wrong);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, failed.StatusCode);
        Assert.Equal("the sign-in page: SignInFailed: Wrong password or code, 1 of 10", (await other.AuditAsync(other.Administrator))[^1]);
        Assert.Empty(await clinic.AuditAsync(other.Administrator));

        using var signedIn = await visitor.SignInAsync(other.Administrator, Site.Password);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        Assert.Equal($"{other.Administrator}: SignIn: With the password", (await other.AuditAsync(other.Administrator))[^1]);
        Assert.Contains(other.Administrator, (await visitor.PageAsync("/users")).QuerySelector(".signed-in-as")!.TextContent, StringComparison.Ordinal);
    }
}

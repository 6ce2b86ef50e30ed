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
    public async Task Tries_at_a_locked_account_are_one_entry_a_minute_with_their_count_and_lock_no_further()
    {
        var clinic = await users.ClinicAsync();
        var email = await clinic.UserAsync();
        await TryAsync(email, times: 35);
        users.Site.Clock.Advance(TimeSpan.FromMinutes(1));
        await WrittenAsync(clinic, email, entries: 13);
        await TryAsync(email, times: 1);
        users.Site.Clock.Advance(TimeSpan.FromMinutes(1));
        await WrittenAsync(clinic, email, entries: 14);
        Assert.Equal(
        [
            .. Enumerable.Range(1, 10).Select(count => $"the sign-in page: SignInFailed: Wrong password or code, {count} of 10"), "the sign-in page: Lock: Until the next 00:00 GMT",
            "the sign-in page: SignInFailed: The account is locked: 25 tries within a minute", "the sign-in page: SignInFailed: The account is locked: 1 try within a minute",
        ], (await clinic.AuditAsync(email)).Skip(1));
    }

    private async Task TryAsync(string email, int times)
    {
        for (var attempt = 1; attempt <= times; attempt++)
        {
            using var visitor = new Visitor(users.Site);
            (await visitor.SignInAsync(email, Wrong)).Dispose();
        }
    }

    private static Task WrittenAsync(Clinic clinic, string email, int entries) => Wait.UntilAsync(async () => (await clinic.AuditAsync(email)).Count == entries);

    [Fact]
    public async Task A_changed_password_and_a_wrong_one_where_it_is_changed_are_written_down()
    {
        var clinic = await users.ClinicAsync();
        var email = await clinic.UserAsync();
        using var visitor = await users.SignedInAsync(email);
        foreach (var present in new[] { Wrong, Site.Password })
            (await visitor.PostAsync(ChangePassword, ChangePassword, new Dictionary<string, string> { ["Input.Present"] = present, ["Input.New"] = "a quite different phrase", ["Input.Again"] = "a quite different phrase" })).Dispose();
        Assert.Equal([$"{email}: SignInFailed: Wrong password or code, 1 of 10 in a browser used before", $"{email}: User: Password changed"], (await clinic.AuditAsync(email)).Skip(2));
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

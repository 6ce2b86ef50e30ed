using System.Net;
using CreditUsage.Data;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Commands;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Users;

/// <summary>What the server's keeper can do when every Administrator is locked out.</summary>
public sealed class UserVerbsTests : IAsyncLifetime
{
    private const string Administrator = "administrator@clinic.example";
    private const string Chosen = "a phrase of the keeper";

    private readonly SiteProgram _program = new();
    private Site _site = null!;
    private int _clinic;

    public async Task InitializeAsync()
    {
        _site = new Site().With("CreditUsage:DataPath", _program.PathOf("data"));
        Directory.CreateDirectory(_program.PathOf("data"));
        _site.UseKestrel(0);
        _site.StartServer();
        _clinic = await _site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        await _site.UserAsync(_clinic, Administrator, Roles.Administrator);
        await _site.UserAsync(_clinic, "auditor@clinic.example", Roles.Auditor);
    }

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        _program.Dispose();
    }

    [Fact]
    public async Task Users_are_listed_with_role_state_and_two_factor()
    {
        await LockAsync();
        var (code, output, errors) = await _program.RunAsync("list-users", "--subscription", $"{_clinic}");
        Assert.Equal((0, ""), (code, errors));
        Assert.Equal($"{Administrator}\tAdministrator\tLocked until 01/01/2100 00:00 GMT\tTwo-factor off\t{_clinic} Clinic\nauditor@clinic.example\tAuditor\tActive\tTwo-factor off\t{_clinic} Clinic\n", output);
    }

    [Fact]
    public async Task A_user_of_one_clinic_gets_a_role_in_another_and_keeps_the_password()
    {
        var other = await _site.SubscriptionAsync("Other", new DateOnly(2026, 1, 1));
        string[] verb = ["create-user", "--email", Administrator, "--subscription", $"{other}", "--role", "Auditor"];
        Assert.Equal((0, $"{Administrator} has an account already, and a role in this clinic too from now on. The password stays.\n", ""), await _program.RunAsync(verb));
        Assert.Equal(1, (await _program.RunProcessAsync(Chosen, [], verb)).ExitCode);

        Assert.Equal((0, $"{Administrator}\tAuditor\tActive\tTwo-factor off\t{_clinic} Clinic, {other} Other\n", ""), await _program.RunAsync("list-users", "--subscription", $"{other}"));
        Assert.Equal(HttpStatusCode.Redirect, await TryAsync(Site.Password));
        Assert.Equal([$"User | {Administrator} | Added as Auditor"], await _site.AuditAsync(other));
    }

    [Fact]
    public async Task A_locked_user_is_unlocked_and_it_is_in_the_audit()
    {
        await LockAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await TryAsync(Site.Password));
        Assert.Equal((0, $"Unlocked {Administrator}.\n", ""), await _program.RunAsync("unlock-user", "--email", Administrator.ToUpperInvariant()));
        Assert.Equal((0, $"{Administrator} was not locked.\n", ""), await _program.RunAsync("unlock-user", "--email", Administrator));
        Assert.Equal(HttpStatusCode.Redirect, await TryAsync(Site.Password));
        Assert.Single(await _site.AuditAsync(_clinic), $"Unlock | {Administrator} | On the command line");
    }

    [Fact]
    public async Task A_password_is_reset_from_standard_input_which_unlocks_and_ends_the_sessions()
    {
        using var session = await Visitor.SignedInAsync(_site, Administrator);
        await LockAsync();

        Assert.Equal((0, $"{Administrator} has another password.\n", ""), await _program.RunProcessAsync(Chosen, [], "reset-password", "--email", Administrator));

        using var over = await session.GetAsync("/users");
        Assert.Equal(HttpStatusCode.Redirect, over.StatusCode);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.Redirect), (await TryAsync(Site.Password), await TryAsync(Chosen)));
        var audit = await _site.AuditAsync(_clinic);
        Assert.Single(audit, $"User | {Administrator} | New password set on the command line");
        Assert.DoesNotContain(audit, entry => entry.Contains(Chosen, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_one_a_password_is_made_and_printed_once()
    {
        var (code, output, errors) = await _program.RunProcessAsync(null, [], "reset-password", "--email", Administrator);
        Assert.Equal((0, ""), (code, errors));
        Assert.StartsWith($"{Administrator} has another password.\nIt is good for 24 hours, in which another must be chosen.\n", output, StringComparison.Ordinal);
        // Of the clock of the verb, which is not that of the site here.
        Assert.InRange((await ExpiryAsync())!.Value, DateTimeOffset.UtcNow.AddHours(23), DateTimeOffset.UtcNow.AddHours(24));
        Assert.True(await HasPasswordAsync(output.Split("Password: ")[1].Trim()));
        await _program.RunProcessAsync(Chosen, [], "reset-password", "--email", Administrator);
        Assert.Null(await ExpiryAsync());
    }

    private Task<DateTimeOffset?> ExpiryAsync() => _site.InAsync(_clinic, services => services.GetRequiredService<CreditUsageDb>().Users.Where(user => user.Email == Administrator).Select(user => user.PasswordExpiresAt).SingleAsync());

    private Task<bool> HasPasswordAsync(string password) => _site.InAsync(_clinic, async services =>
    {
        var users = services.GetRequiredService<AppUserManager>();
        return await users.CheckPasswordAsync((await users.FindByEmailAsync(Administrator))!, password);
    });

    [Fact]
    public async Task A_password_that_will_not_do_and_an_unknown_user_are_refused_in_words()
    {
        var (code, output, errors) = await _program.RunProcessAsync("short", [], "reset-password", "--email", Administrator);
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("Passwords must be at least 12 characters.\n", errors, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, await TryAsync(Site.Password));
        foreach (var verb in new[] { "unlock-user", "reset-password" })
            Assert.Equal((1, "", "There is no user nobody@clinic.example. The verb list-users lists those there are.\n"), await _program.RunAsync(verb, "--email", "nobody@clinic.example"));
    }

    private Task LockAsync() => _site.InAsync(_clinic, services => services.GetRequiredService<CreditUsageDb>().Users.Where(user => user.Email == Administrator)
        .ExecuteUpdateAsync(set => set.SetProperty(user => user.LockoutEnd, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero))));

    private async Task<HttpStatusCode> TryAsync(string password)
    {
        using var visitor = new Visitor(_site);
        using var answer = await visitor.SignInAsync(Administrator, password);
        return answer.StatusCode;
    }
}

using System.Net;
using CreditUsage.Data;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Data;

/// <summary>A database of the version before memberships, and that version beside this one on it.</summary>
public sealed class MembershipsMigrationTests : IAsyncLifetime
{
    private const string Finance = "finance@clinic.example", Disabled = "disabled@clinic.example", Invited = "invited@clinic.example";

    private readonly Site _site = new();
    private int _clinic;

    public async Task InitializeAsync()
    {
        _site.UseKestrel(0);
        _site.StartServer();
        _clinic = await _site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        foreach (var email in new[] { Finance, Disabled, Invited }) await _site.UserAsync(_clinic, email, Roles.FinanceAdministrator);
    }

    public Task DisposeAsync() => _site.DisposeAsync().AsTask();

    [Fact]
    public async Task Who_had_a_role_before_enters_as_before()
    {
        await InAsync(async db =>
        {
            await db.Users.Where(user => user.Email == Disabled).ExecuteUpdateAsync(set => set.SetProperty(user => user.DisabledAt, _site.Clock.GetUtcNow()));
            await db.Users.Where(user => user.Email == Invited).ExecuteUpdateAsync(set => set.SetProperty(user => user.PasswordHash, (string?)null));
            await BackAsync(db);
            return (await db.MigrateAsync(CancellationToken.None)).Count;
        });

        Assert.Equal(
            [(Disabled, Roles.FinanceAdministrator, true, true), (Finance, Roles.FinanceAdministrator, true, false), (Invited, Roles.FinanceAdministrator, false, false)],
            await InAsync(db => (from membership in db.Memberships
                                 join user in db.Users on membership.UserId equals user.Id
                                 orderby user.Email
                                 select new ValueTuple<string, string, bool, bool>(user.Email!, membership.Role, membership.JoinedAt != null, membership.DisabledAt != null)).ToListAsync()));
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity), (await SignInAsync(Finance), await SignInAsync(Disabled), await SignInAsync(Invited)));
    }

    [Fact]
    public async Task What_the_version_before_changes_during_an_update_counts_at_the_next_sign_in()
    {
        await InAsync(async db =>
        {
            await db.Memberships.Where(membership => db.Users.Any(user => user.Id == membership.UserId && user.Email == Invited)).ExecuteDeleteAsync();
            return await db.Users.Where(user => user.Email == Disabled).ExecuteUpdateAsync(set => set.SetProperty(user => user.DisabledAt, _site.Clock.GetUtcNow()));
        });
        // Made by it, and disabled by it.
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity), (await SignInAsync(Invited), await SignInAsync(Disabled)));
    }

    /// <summary>As the owner, where the site's role may not.</summary>
    private async Task BackAsync(CreditUsageDb db)
    {
        var all = db.Database.GetMigrations().ToList();
        var own = db.Database.GetConnectionString();
        if (TestDatabase.IsOnServer) db.Database.SetConnectionString(TestDatabase.SettingsOf(_site.DataPath).Single(setting => setting.Key == "ConnectionStrings:CreditUsageMigrations").Value);
        await db.GetService<IMigrator>().MigrateAsync(all[all.FindIndex(name => name.EndsWith("_Memberships", StringComparison.Ordinal)) - 1]);
        db.Database.SetConnectionString(own);
    }

    private async Task<HttpStatusCode> SignInAsync(string email)
    {
        using var visitor = new Visitor(_site);
        using var answer = await visitor.SignInAsync(email, Site.Password);
        return answer.StatusCode;
    }

    private Task<T> InAsync<T>(Func<CreditUsageDb, Task<T>> act) => _site.InAsync(_clinic, services => act(services.GetRequiredService<CreditUsageDb>()));
}

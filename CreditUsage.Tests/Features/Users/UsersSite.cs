using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.People;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Users;

/// <summary>A site whose clock these tests move. Each test has a clinic of its own.</summary>
public sealed class UsersSite : IAsyncLifetime
{
    private int _made;

    public Site Site { get; } = new();

    public Task InitializeAsync()
    {
        Site.UseKestrel(0);
        Site.StartServer();
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => Site.DisposeAsync().AsTask();

    public async Task<Clinic> ClinicAsync()
    {
        var id = await Site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        return new Clinic(this, id, await UserAsync(id, Roles.Administrator));
    }

    public async Task<string> UserAsync(int clinic, string role)
    {
        var email = Address();
        Assert.Empty(await Site.UserAsync(clinic, email, role));
        return email;
    }

    /// <summary>An address that nobody has.</summary>
    public string Address() => string.Create(CultureInfo.InvariantCulture, $"person{Interlocked.Increment(ref _made)}@clinic.example");

    public Task<Visitor> SignedInAsync(string email) => Visitor.SignedInAsync(Site, email);

    /// <summary>Sets up two-factor sign-in as its user would.</summary>
    /// <returns>The phone, and the page that shows the recovery codes.</returns>
    public Task<(Phone Phone, IHtmlDocument Page)> SetUpTwoFactorAsync(Visitor visitor) => SetUpTwoFactorAsync(visitor, Site.Clock);

    internal static async Task<(Phone Phone, IHtmlDocument Page)> SetUpTwoFactorAsync(Visitor visitor, TimeProvider clock)
    {
        const string Path = "/Identity/Account/Manage/TwoFactor";
        var page = await visitor.PageAsync(Path);
        var phone = new Phone(page.QuerySelector("#authenticator-key")!.TextContent);
        var key = page.QuerySelector<IHtmlInputElement>("input[name=key]")!.Value;
        using var answer = await visitor.PostAsync(Path, Path + "?handler=On", new Dictionary<string, string> { ["key"] = key, ["code"] = phone.CodeAt(clock.GetUtcNow()) });
        return (phone, await Visitor.ReadAsync(answer));
    }
}

/// <summary>A subscription and its first Administrator.</summary>
public sealed record Clinic(UsersSite Users, int Id, string Administrator)
{
    public Task<string> UserAsync(string role = Roles.FinanceAdministrator) => Users.UserAsync(Id, role);

    public Task<AppUser> RowAsync(string email) => Users.Site.InAsync(Id, services => services.GetRequiredService<CreditUsageDb>().Users.AsNoTracking().SingleAsync(user => user.Email == email));

    /// <summary>The page of a user.</summary>
    public async Task<string> PathAsync(string email) => "/users/" + (await RowAsync(email)).Id;

    /// <summary>The audit about a user, oldest first.</summary>
    public Task<IReadOnlyList<string>> AuditAsync(string subject) => Users.Site.InAsync<IReadOnlyList<string>>(Id, async services => await services.GetRequiredService<CreditUsageDb>().AuditEntries
        .Where(entry => entry.Subject == subject).OrderBy(entry => entry.Sequence).Select(entry => $"{entry.Actor}: {entry.Action}: {entry.Detail}").ToListAsync());

    /// <summary>How many entries hold, and the first that does not.</summary>
    public Task<(long Entries, long? FirstBroken)> CheckAuditAsync() =>
        Users.Site.InAsync(Id, services => AuditChain.CheckAsync(services.GetRequiredService<CreditUsageDb>(), CancellationToken.None));

    /// <summary>Invites as the Administrator would.</summary>
    /// <returns>The link of the page, without the host.</returns>
    public static async Task<string> InviteAsync(Visitor administrator, string email, string role = Roles.Auditor)
    {
        using var answer = await administrator.PostAsync("/users", "/users?handler=Invite", new Dictionary<string, string> { ["Input.Email"] = email, ["Input.Role"] = role });
        return new Uri((await Visitor.ReadAsync(answer)).QuerySelector<IHtmlInputElement>("#invitation-link")!.Value).PathAndQuery;
    }
}

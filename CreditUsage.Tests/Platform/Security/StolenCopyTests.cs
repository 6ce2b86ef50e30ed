using System.Globalization;
using System.Net;
using System.Security.Claims;
using CreditUsage.Data;
using CreditUsage.Domain.People;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CreditUsage.Tests.Platform.Security;

/// <summary>Somebody has a copy of the database, of a new installation and of one that moved over, and nothing else.</summary>
[Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.ForgedFromBackup)]
[Trait(TestDatabase.Engine, TestDatabase.Sqlite)]
public sealed class StolenCopyTests
{
    private const string SecondStepCookie = "Identity.TwoFactorUserId";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_holds_no_key_no_code_and_no_link(bool movedOver)
    {
        using var secrets = new SecretsSite();
        await using var site = await SiteAsync(secrets, movedOver);
        using var invited = new Visitor(site);
        using var link = await invited.GetAsync($"{InvitationLinks.Path}?code={secrets.InvitationCode}");

        Assert.Equal(HttpStatusCode.OK, link.StatusCode);
        Assert.True(secrets.Holds(SecretsSite.Email));
        Assert.False(secrets.Holds("masterKey"));
        Assert.Equal([], secrets.MasterKeys.Append(secrets.Phone.Key).Append(secrets.InvitationCode).Concat(secrets.Codes).Where(secrets.Holds));
        Assert.True(secrets.MasterKeys.Count > 0 && secrets.Codes.Count == 10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Its_thief_forges_no_link_no_cookie_and_no_code(bool movedOver)
    {
        using var secrets = new SecretsSite();
        await using var site = await SiteAsync(secrets, movedOver);
        await using var thief = Copy(secrets);

        Assert.Contains(await LinkStatusAsync(site, await ForgedLinkAsync(thief)), new[] { HttpStatusCode.NotFound, HttpStatusCode.Gone });
        var (secondStep, session) = (await ForgedSecondStepAsync(thief), await ForgedSessionAsync(thief));
        Assert.Equal(HttpStatusCode.OK, (await SecretsSite.AskAsync(thief, SecretsSite.SecondStep, secondStep)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await SecretsSite.AskAsync(site, SecretsSite.SecondStep, secondStep)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await SecretsSite.AskAsync(site, "/usage-report", session)).Status);
        Assert.Null(await InUsersAsync(thief, (users, user) => users.GetAuthenticatorKeyAsync(user)));
        Assert.Equal(secrets.Phone.Key, await InUsersAsync(site, (users, user) => users.GetAuthenticatorKeyAsync(user)));
    }

    /// <summary>A new site on the stolen file: its keys are its own.</summary>
    private static Site Copy(SecretsSite secrets)
    {
        var thief = new Site();
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(secrets.Database)!, "creditusage.db*")) File.Copy(file, Path.Combine(thief.DataPath, Path.GetFileName(file)), overwrite: true);
        thief.UseKestrel(0);
        thief.StartServer();
        return thief;
    }

    private static async Task<Site> SiteAsync(SecretsSite secrets, bool movedOver)
    {
        var site = secrets.Start();
        await secrets.FillAsync(site);
        if (!movedOver) return site;
        await site.DisposeAsync();
        secrets.MakeFormer();
        Assert.True(secrets.Holds("masterKey") && secrets.Holds(secrets.Phone.Key) && secrets.Holds(secrets.Codes[0]));
        return secrets.Start();
    }

    /// <summary>As links were made before: encrypted and signed by keys that lay in the database.</summary>
    private static Task<string> ForgedLinkAsync(Site thief) => InUsersAsync(thief, (_, user) =>
    {
        var expires = thief.Clock.GetUtcNow().AddDays(3).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return Task.FromResult(thief.Services.GetDataProtectionProvider().CreateProtector("CreditUsage.Invitation").Protect(string.Join('|', user.Id, expires, user.SecurityStamp)));
    });

    private static Task<string> ForgedSecondStepAsync(Site thief) => InUsersAsync(thief, (_, user) =>
    {
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, user.Id)], IdentityConstants.TwoFactorUserIdScheme);
        return Task.FromResult($"{SecondStepCookie}={Sealed(thief, IdentityConstants.TwoFactorUserIdScheme, new ClaimsPrincipal(identity))}");
    });

    /// <summary>With what the row of a session says of itself.</summary>
    private static async Task<string> ForgedSessionAsync(Site thief)
    {
        await using var scope = thief.Services.CreateAsyncScope();
        var hash = await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().SignInSessions.Select(session => session.KeyHash).FirstAsync();
        var identity = new ClaimsIdentity([new Claim("Microsoft.AspNetCore.Authentication.Cookies-SessionId", hash)], IdentityConstants.ApplicationScheme);
        return $"{SecuritySetup.SignInCookieName}={Sealed(thief, IdentityConstants.ApplicationScheme, new ClaimsPrincipal(identity))}";
    }

    private static string Sealed(Site site, string scheme, ClaimsPrincipal principal) =>
        site.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(scheme).TicketDataFormat.Protect(new AuthenticationTicket(principal, scheme));

    private static async Task<T> InUsersAsync<T>(Site site, Func<UserManager<AppUser>, AppUser, Task<T>> act)
    {
        await using var scope = site.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        return await act(users, (await users.FindByEmailAsync(SecretsSite.Email))!);
    }

    private static async Task<HttpStatusCode> LinkStatusAsync(Site site, string code)
    {
        using var visitor = new Visitor(site);
        using var answer = await visitor.GetAsync($"{InvitationLinks.Path}?code={code}");
        return answer.StatusCode;
    }
}

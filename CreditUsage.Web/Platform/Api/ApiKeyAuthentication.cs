using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Domain.People;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Api;

/// <summary>
/// Knows a caller by the key in its Authorization header, and nowhere else. A key that is unknown, wrong, revoked or expired is
/// answered alike, after the same work.
/// </summary>
public sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, CreditUsageDb db, TimeProvider clock, KeyUses uses)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";

    /// <summary>The claim with the key's id.</summary>
    public const string KeyId = "api-key";

    /// <summary>The claim with what the key may do.</summary>
    public const string Scope = "scope";

    private const string Bearer = "Bearer ";

    /// <summary>The hash of nothing, compared with where there is no such key.</summary>
    private static readonly string NoHash = new('0', 64);

    /// <summary>What was sent as a key, right or wrong.</summary>
    public static string? Presented(HttpRequest request) =>
        request?.Headers.Authorization is [{ } header] && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Presented(Request) is not { } presented) return AuthenticateResult.NoResult();
        if (!ApiKeySecret.TryParse(presented, out var secret)) return AuthenticateResult.Fail("No key");
        var key = await db.ApiKeys.IgnoreQueryFilters().AsNoTracking().SingleOrDefaultAsync(key => key.Prefix == secret.Prefix, Context.RequestAborted);
        var now = clock.GetUtcNow();
        if (!secret.Matches(key?.SecretHash ?? NoHash) || key is null || key.RevokedAt is not null || key.ExpiresAt <= now) return AuthenticateResult.Fail("No key");
        uses.Add(key, now);
        return AuthenticateResult.Success(new AuthenticationTicket(PrincipalOf(key), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer realm=\"CreditUsage\"";
        return ApiAnswer.Problem(StatusCodes.Status401Unauthorized, "Send a key that is in force in the header Authorization: Bearer KEY.").ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ApiAnswer.Problem(StatusCodes.Status403Forbidden, "This key may not do that. Use a key of the scope that this call needs.").ExecuteAsync(Context);

    private static ClaimsPrincipal PrincipalOf(ApiKey key) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.Name, $"key {key.Name}"),
            new Claim(AppClaims.Subscription, key.SubscriptionId.ToString(CultureInfo.InvariantCulture)),
            new Claim(KeyId, key.Id.ToString(CultureInfo.InvariantCulture)),
            new Claim(Scope, key.Scope),
        ],
        SchemeName));
}

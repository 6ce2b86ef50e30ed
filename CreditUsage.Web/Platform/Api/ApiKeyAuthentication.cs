using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using CreditUsage.Data;
using CreditUsage.Domain.People;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Api;

/// <summary>Reads the key from the Authorization header only. Unknown, wrong, revoked and expired keys get the same answer after the same work.</summary>
public sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, CreditUsageDb db, TimeProvider clock, KeyUses uses, SecurityLog log)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";

    public const string KeyId = "api-key";

    public const string Scope = "scope";

    private const string Bearer = "Bearer ";

    /// <summary>Compared with where there is no such key, so that the work is the same.</summary>
    private static readonly string NoHash = new('0', 64);

    /// <summary>The key that was sent, right or wrong.</summary>
    public static string? Presented(HttpRequest request) =>
        request?.Headers.Authorization is [{ } header] && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Presented(Request) is not { } presented) return AuthenticateResult.NoResult();
        if (!ApiKeySecret.TryParse(presented, out var secret)) return Refused(null);
        var key = await db.ApiKeys.OfEverySubscription().AsNoTracking().SingleOrDefaultAsync(key => key.Prefix == secret.Prefix, Context.RequestAborted);
        var now = clock.GetUtcNow();
        if (!secret.Matches(key?.SecretHash ?? NoHash) || key is null || key.RevokedAt is not null || key.ExpiresAt <= now) return Refused(key);
        uses.Add(key, now);
        return AuthenticateResult.Success(new AuthenticationTicket(PrincipalOf(key), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer realm=\"CreditUsage\"";
        return ApiAnswer.Problem(StatusCodes.Status401Unauthorized, "Send a key that is in force in the header Authorization: Bearer KEY.").ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        log.RefusedScope(Context.User.FindFirstValue(KeyId), Context.User.FindFirstValue(Scope), Context.GetEndpoint()?.DisplayName);
        return ApiAnswer.Problem(StatusCodes.Status403Forbidden, "This key may not do that. Use a key of the scope that this call needs.").ExecuteAsync(Context);
    }

    /// <param name="key">That of the prefix, if there is one.</param>
    private AuthenticateResult Refused(ApiKey? key)
    {
        if (key is null) log.UnknownKey();
        else log.RefusedKey(key.Id);
        return AuthenticateResult.Fail("No key");
    }

    private static ClaimsPrincipal PrincipalOf(ApiKey key) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.Name, $"key {key.Name}"),
            new Claim(AppClaims.Subscription, key.SubscriptionId.ToString(CultureInfo.InvariantCulture)),
            new Claim(KeyId, key.Id.ToString(CultureInfo.InvariantCulture)),
            new Claim(Scope, key.Scope),
        ],
        SchemeName));
}

/// <summary>cu_PREFIX_SECRET. The prefix may be seen and finds the key; of the whole only a hash is stored.</summary>
public sealed class ApiKeySecret
{
    private const string Mark = "cu_";
    private const string PrefixAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int PrefixCharacters = 10;
    private const int SecretBytes = 32;
    private const int MaxCharacters = 100;

    private ApiKeySecret(string prefix, string text) => (Prefix, Text) = (prefix, text);

    public string Prefix { get; }

    /// <summary>Shown once, never logged, never stored.</summary>
    public string Text { get; }

    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    public static ApiKeySecret Make()
    {
        var prefix = RandomNumberGenerator.GetString(PrefixAlphabet, PrefixCharacters);
        return new(prefix, $"{Mark}{prefix}_{WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(SecretBytes))}");
    }

    public static bool TryParse(string? text, [NotNullWhen(true)] out ApiKeySecret? secret)
    {
        var ends = text is { Length: > 0 and <= MaxCharacters } && text.StartsWith(Mark, StringComparison.Ordinal) ? text.IndexOf('_', Mark.Length) : -1;
        secret = ends < 0 ? null : new ApiKeySecret(text![Mark.Length..ends], text);
        return secret is not null;
    }

    public bool Matches(string hash) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash), Encoding.ASCII.GetBytes(hash));
}

/// <summary>A key has exactly one of these, which is also the name of its policy.</summary>
public static class ApiScopes
{
    public const string WriteUsage = "usage:write";
    public const string ReadReports = "reports:read";

    /// <summary>Purchases of credits.</summary>
    public const string WriteCredits = "credits:write";

    public const string CloseMonths = "months:close";

    public static readonly IReadOnlyList<string> All = [WriteUsage, ReadReports, WriteCredits, CloseMonths];
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CreditUsage.Domain.Webhooks;
using Microsoft.AspNetCore.DataProtection;

namespace CreditUsage.Core.Webhooks;

/// <summary>Secrets and signatures as the Standard Webhooks specification has them.</summary>
public sealed class WebhookSecrets(IDataProtectionProvider protection)
{
    private const string Mark = "whsec_";
    private const int SecretBytes = 32;

    private readonly IDataProtector _protector = protection.CreateProtector("CreditUsage.Webhooks.v1");

    /// <summary>A new secret: to be shown once, and encrypted to be stored.</summary>
    public (string Shown, string Stored) Make()
    {
        var shown = Mark + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));
        return (shown, _protector.Protect(shown));
    }

    /// <summary>The header webhook-signature: one signature, or two for a day after a rotation.</summary>
    public string Sign(WebhookEndpoint endpoint, WebhookMessage message, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(message);
        var signed = Encoding.UTF8.GetBytes($"{IdOf(message)}.{now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}.{message.Body}");
        string[] secrets = endpoint.FormerSecret is { } former && endpoint.FormerUntil > now ? [endpoint.Secret, former] : [endpoint.Secret];
        return string.Join(' ', secrets.Select(secret => "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(_protector.Unprotect(secret)[Mark.Length..]), signed))));
    }

    public static string IdOf(WebhookMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return $"msg_{message.Id:N}";
    }
}

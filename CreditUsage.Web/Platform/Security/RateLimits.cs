using System.Globalization;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace CreditUsage.Platform.Security;

/// <summary>What limits by rate have in common.</summary>
public static class RateLimits
{
    private const int BytesOfIPv6Network = 8;

    private static readonly TimeSpan WhereNoneIsKnown = TimeSpan.FromSeconds(5);

    /// <summary>The address of the connection, never one that a header claims; of IPv6 its /64, which one household or one attacker has whole.</summary>
    public static string NetworkOf(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Connection.RemoteIpAddress is not { } address) return "";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, BytesOfIPv6Network)) : address.ToString();
    }

    /// <summary>Refilled about once a second, or whenever there is a whole call to add.</summary>
    public static TokenBucketRateLimiterOptions Bucket(int perMinute, int atOnce)
    {
        var tokens = Math.Max(1, perMinute / 60);
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = Math.Max(1, atOnce),
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) * tokens / perMinute,
        };
    }

    /// <summary>Writes the header Retry-After.</summary>
    /// <returns>Its seconds.</returns>
    public static int SetRetryAfter(HttpContext context, RateLimitLease? refused = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        var wait = refused is not null && refused.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : WhereNoneIsKnown;
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return seconds;
    }
}

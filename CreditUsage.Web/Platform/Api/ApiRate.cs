using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Api;

/// <summary>Limits the calls of each key or, without a valid key, of each address as the connection has it, never as a header says. Each process counts for itself.</summary>
public static class ApiRate
{
    public const int AnonymousRequestsPerMinute = 120;

    private const int ShareAtOnce = 10;

    public static void AddApiRate(this IServiceCollection services)
    {
        services.AddRateLimiter(limits => limits.OnRejected = (context, cancellation) => new(RefuseAsync(context)));
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<CreditUsageOptions>>((limits, options) =>
            limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => PartitionOf(context, options.Value.Api.RequestsPerMinute)));
    }

    private static RateLimitPartition<string> PartitionOf(HttpContext context, int requestsPerMinute) => context.User.FindFirst(ApiKeyAuthentication.KeyId) is { } key
        ? RateLimitPartition.GetTokenBucketLimiter($"key {key.Value}", _ => Bucket(requestsPerMinute, requestsPerMinute / ShareAtOnce))
        : RateLimitPartition.GetTokenBucketLimiter($"address {context.Connection.RemoteIpAddress}", _ => Bucket(AnonymousRequestsPerMinute, AnonymousRequestsPerMinute));

    /// <summary>Refilled about once a second, or whenever there is a whole call to add.</summary>
    private static TokenBucketRateLimiterOptions Bucket(int requestsPerMinute, int atOnce)
    {
        var tokens = Math.Max(1, requestsPerMinute / 60);
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = Math.Max(1, atOnce),
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) * tokens / requestsPerMinute,
        };
    }

    private static Task RefuseAsync(OnRejectedContext context)
    {
        var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        context.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return ApiAnswer.Problem(StatusCodes.Status429TooManyRequests, $"Too many calls. Call again after {seconds} s.").ExecuteAsync(context.HttpContext);
    }
}

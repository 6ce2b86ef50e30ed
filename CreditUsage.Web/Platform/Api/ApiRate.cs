using System.Threading.RateLimiting;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Api;

/// <summary>Limits the calls of each key or, without a valid key, of each network as the connection has it, never as a header says. Each process allows its share.</summary>
public static class ApiRate
{
    public const int AnonymousRequestsPerMinute = 120;

    private const int ShareAtOnce = 10;

    public static void AddApiRate(this IServiceCollection services)
    {
        services.AddRateLimiter(limits => limits.OnRejected = (context, cancellation) => new(RefuseAsync(context)));
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<CreditUsageOptions>>((limits, options) =>
            limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => PartitionOf(context, options.Value)));
    }

    private static RateLimitPartition<string> PartitionOf(HttpContext context, CreditUsageOptions options) => context.User.FindFirst(ApiKeyAuthentication.KeyId) is { } key
        ? RateLimitPartition.GetTokenBucketLimiter($"key {key.Value}", _ => RateLimits.Bucket(options.ShareOf(options.Api.RequestsPerMinute), options.ShareOf(options.Api.RequestsPerMinute / ShareAtOnce)))
        : RateLimitPartition.GetTokenBucketLimiter($"network {RateLimits.NetworkOf(context)}", _ => RateLimits.Bucket(options.ShareOf(AnonymousRequestsPerMinute), options.ShareOf(AnonymousRequestsPerMinute)));

    private static Task RefuseAsync(OnRejectedContext context)
    {
        var seconds = RateLimits.SetRetryAfter(context.HttpContext, context.Lease);
        return ApiAnswer.Problem(StatusCodes.Status429TooManyRequests, $"Too many calls. Call again after {seconds} s.").ExecuteAsync(context.HttpContext);
    }
}

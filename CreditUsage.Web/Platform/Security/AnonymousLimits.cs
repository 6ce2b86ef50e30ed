using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Security;

/// <summary>Limits what anybody can have done without signing in, before a password is hashed or a body read. Each process allows its share of what is limited by the minute.</summary>
public static class AnonymousLimits
{
    /// <summary>In bytes, for the forms of anonymous pages; the largest, with its token, has about 1,000.</summary>
    public const long MaxFormBytes = 32 * 1024;

    /// <summary>Of one network: a flood from there stands in its own queue, not in that of the passwords.</summary>
    private const int AtOnce = 2;

    private const string Verify = "/Verify/Index", Errors = "/Errors/Index";

    private static readonly string[] SignInPages = ["/Account/Login", "/Account/SecondStep", "/Account/RecoveryCode", "/Account/AcceptInvitation", "/Account/ForgotPassword"];

    public static void UseAnonymousLimits(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var options = app.ApplicationServices.GetRequiredService<IOptions<CreditUsageOptions>>().Value;
        var (signIns, verifies) = (options.ShareOf(options.Anonymous.SignInsPerMinute), options.ShareOf(options.Anonymous.VerifiesPerMinute));
        app.UseWhen(IsSignIn, pages => pages.UseRateLimiter(Limiter(OfNetwork(AtOnce, signIns), RateOfNetwork(signIns))));
        app.UseWhen(IsAnonymousVerify, page => page.UseRateLimiter(Limiter(OfAll(options.Anonymous.VerifiesAtOnce), OfNetwork(AtOnce, waiting: 0), RateOfNetwork(verifies))));
        app.Use(RefuseLargeFormsAsync);
        app.Use(AnswerFullQueueAsync);
    }

    /// <summary>Whoever posts: somebody who is signed in can guess others' passwords as well.</summary>
    private static bool IsSignIn(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method) && PageOf(context) is { AreaName: "Identity" } page && SignInPages.Contains(page.ViewEnginePath);

    private static bool IsAnonymousVerify(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method) && context.User.Identity is not { IsAuthenticated: true } && PageOf(context)?.ViewEnginePath == Verify;

    private static PageActionDescriptor? PageOf(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<PageActionDescriptor>();

    private static RateLimiterOptions Limiter(params PartitionedRateLimiter<HttpContext>[] all) => new()
    {
        RejectionStatusCode = StatusCodes.Status429TooManyRequests,
        GlobalLimiter = PartitionedRateLimiter.CreateChained(all),
        OnRejected = (rejected, _) =>
        {
            RateLimits.SetRetryAfter(rejected.HttpContext, rejected.Lease);
            return ValueTask.CompletedTask;
        },
    };

    private static PartitionedRateLimiter<HttpContext> OfAll(int atOnce) =>
        PartitionedRateLimiter.Create<HttpContext, string>(_ => RateLimitPartition.GetConcurrencyLimiter("", _ => new() { PermitLimit = atOnce }));

    private static PartitionedRateLimiter<HttpContext> OfNetwork(int atOnce, int waiting) => PartitionedRateLimiter.Create<HttpContext, string>(context =>
        RateLimitPartition.GetConcurrencyLimiter(RateLimits.NetworkOf(context), _ => new() { PermitLimit = atOnce, QueueLimit = waiting }));

    private static PartitionedRateLimiter<HttpContext> RateOfNetwork(int perMinute) => PartitionedRateLimiter.Create<HttpContext, string>(context =>
        RateLimitPartition.GetTokenBucketLimiter(RateLimits.NetworkOf(context), _ => RateLimits.Bucket(perMinute, perMinute)));

    private static Task RefuseLargeFormsAsync(HttpContext context, RequestDelegate next)
    {
        // The page of errors reads no form, and answers for requests of any size.
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null || PageOf(context)?.ViewEnginePath is Verify or Errors) return next(context);
        if (context.Request.ContentLength > MaxFormBytes)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return Task.CompletedTask;
        }
        // For a body that does not say its length.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MaxFormBytes;
        return next(context);
    }

    private static async Task AnswerFullQueueAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (PasswordQueueFullException) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            RateLimits.SetRetryAfter(context);
        }
    }
}

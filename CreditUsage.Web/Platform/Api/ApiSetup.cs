using CreditUsage.Platform.Observability;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Identity;

namespace CreditUsage.Platform.Api;

public static class ApiSetup
{
    private const string Root = "/api";

    /// <summary>Chooses the scheme by the address: a key opens no page and a cookie no API.</summary>
    private const string ByAddress = nameof(ByAddress);

    public static void AddApi(this IServiceCollection services)
    {
        services.AddScoped<ConfirmPassword>();
        services.AddSingleton<KeyUses>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyUses>());
        services.AddAuthentication(schemes => (schemes.DefaultAuthenticateScheme, schemes.DefaultChallengeScheme, schemes.DefaultForbidScheme) = (ByAddress, ByAddress, ByAddress))
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, _ => { })
            .AddPolicyScheme(ByAddress, null, scheme => scheme.ForwardDefaultSelector = context => IsApi(context) ? ApiKeyAuthentication.SchemeName : IdentityConstants.ApplicationScheme);
        var policies = services.AddAuthorizationBuilder();
        foreach (var scope in ApiScopes.All)
            policies.AddPolicy(scope, policy => policy.AddAuthenticationSchemes(ApiKeyAuthentication.SchemeName).RequireAuthenticatedUser().RequireClaim(ApiKeyAuthentication.Scope, scope));
        services.AddApiRate();
        services.AddApiDescription();
    }

    /// <summary>Turns exceptions and errors without a body into problem details, never into a page.</summary>
    public static void UseApiProblems(this IApplicationBuilder app) => app.UseWhen(IsApi, api =>
    {
        api.Use((context, next) =>
        {
            context.Response.OnStarting(() => Task.FromResult(context.Response.Headers.CacheControl = "no-store"));
            return next(context);
        });
        api.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = context => ProblemOf(context).ExecuteAsync(context), StatusCodeSelector = ReferencedErrors.StatusOf });
        api.UseStatusCodePages(context => ProblemOf(context.HttpContext).ExecuteAsync(context.HttpContext));
    });

    /// <summary>Applies limits, then answers 404, 405 and 415 before authorization would turn them into the sign-in page.</summary>
    public static void UseApiLimits(this IApplicationBuilder app) => app.UseWhen(IsApi, api =>
    {
        api.UseRateLimiter();
        api.Use((context, next) => context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is null ? AnswerUnroutedAsync(context) : next(context));
    });

    public static RouteHandlerBuilder ForScope(this RouteHandlerBuilder route, string scope)
    {
        ArgumentNullException.ThrowIfNull(route);
        int[] always =
        [
            StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status429TooManyRequests,
            StatusCodes.Status500InternalServerError, StatusCodes.Status503ServiceUnavailable, StatusCodes.Status507InsufficientStorage,
        ];
        foreach (var status in always) route.ProducesProblem(status);
        return route.RequireAuthorization(scope).AddEndpointFilter(AnswerRefusalAsync);
    }

    private static async ValueTask<object?> AnswerRefusalAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (ApiRefusedException refused)
        {
            return refused.Answer;
        }
    }

    private static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase);

    private static Task AnswerUnroutedAsync(HttpContext context)
    {
        if (context.User.Identity is not { IsAuthenticated: true }) return context.ChallengeAsync(ApiKeyAuthentication.SchemeName);
        if (context.GetEndpoint() is { RequestDelegate: { } answer }) return answer(context);
        return ApiAnswer.Problem(StatusCodes.Status404NotFound, "There is nothing at this address. /openapi/v1.json lists what there is.").ExecuteAsync(context);
    }

    private static ApiAnswer ProblemOf(HttpContext context) => ApiAnswer.Problem(context.Response.StatusCode, ReferencedErrors.MessageOf(context.Features.Get<IExceptionHandlerFeature>()?.Error) ?? context.Response.StatusCode switch
    {
        StatusCodes.Status405MethodNotAllowed => "This address does not take that method. The header Allow lists those it takes.",
        StatusCodes.Status415UnsupportedMediaType => "Send JSON, with the header Content-Type: application/json.",
        StatusCodes.Status503ServiceUnavailable => "Somebody else is writing to the database. Nothing was stored; send the call again in a minute.",
        StatusCodes.Status507InsufficientStorage => "The server's disk is full. Nothing was stored; tell whoever runs the server.",
        StatusCodes.Status500InternalServerError => $"Something went wrong and nothing was stored. Tell whoever runs the server this reference: {context.TraceIdentifier}",
        _ => "The call could not be understood. /openapi/v1.json says how to call.",
    });
}

using CreditUsage.Data.Engines;
using CreditUsage.Domain.Integrity;
using CreditUsage.Platform.Integrity;
using CreditUsage.Platform.Telemetry;
using Microsoft.AspNetCore.Diagnostics;

namespace CreditUsage.Platform.Observability;

/// <summary>Logs an exception under the reference id that the user is shown. Requests that the client cancelled are not logged.</summary>
public sealed class ReferencedErrors(DataChecks checks, ILogger<ReferencedErrors> log) : IExceptionHandler
{
    public const string Header = "X-Reference";

    /// <summary>Promises nothing of a write: the answer to its commit may be what was lost.</summary>
    public const string Unreachable = "The database cannot be reached at the moment. Try again in a minute. If you sent something, look first whether it is there.";

    /// <summary>Nginx's status for a client that disconnected.</summary>
    private const int ClientClosedRequest = 499;

    /// <summary>503 while another process writes to the database, its server is away or it is damaged, 507 when its disk is full, otherwise 500.</summary>
    public static int StatusOf(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (exception is UntrustedDataException untrusted) return untrusted.Status;
        if (DatabaseFailure.IsBusy(exception) || DatabaseFailure.IsUnreachable(exception) || DatabaseFailure.IsDamaged(exception)) return StatusCodes.Status503ServiceUnavailable;
        return DatabaseFailure.IsFull(exception) ? StatusCodes.Status507InsufficientStorage : StatusCodes.Status500InternalServerError;
    }

    /// <summary>For people; null where they are told no more than the status says.</summary>
    public static string? MessageOf(Exception? exception) => exception switch
    {
        UntrustedDataException => exception.Message,
        not null when DatabaseFailure.IsDamaged(exception) => DataChecks.Damaged,
        not null when DatabaseFailure.IsUnreachable(exception) => Unreachable,
        _ => null,
    };

    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = ClientClosedRequest;
            return ValueTask.FromResult(true);
        }
        if (DatabaseFailure.IsUnavailable(exception)) SiteMetrics.DatabaseRefused();
        if (DatabaseFailure.IsDamaged(exception)) checks.Note(DataCheckKind.Database, exception.GetBaseException().Message);
        log.LogError(exception, "Reference {Reference}: {Method} {Path} failed", httpContext.TraceIdentifier, httpContext.Request.Method, httpContext.Features.Get<IExceptionHandlerPathFeature>()?.Path ?? httpContext.Request.Path);
        httpContext.Response.Headers[Header] = httpContext.TraceIdentifier;
        return ValueTask.FromResult(false);
    }
}

/// <summary>Every 503 says when to come back, wherever it comes from.</summary>
public static class RetryLater
{
    private const string Seconds = "60";

    public static void UseRetryAfter(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            if (context.Response.StatusCode == StatusCodes.Status503ServiceUnavailable && context.Response.Headers.RetryAfter.Count == 0) context.Response.Headers.RetryAfter = Seconds;
            return Task.CompletedTask;
        });
        return next(context);
    });
}

using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CreditUsage.Platform.Observability;

/// <summary>Logs what went wrong under the reference that the user is shown, and lets a request that was given up end in silence.</summary>
public sealed class ReferencedErrors(ILogger<ReferencedErrors> log) : IExceptionHandler
{
    public const string Header = "X-Reference";

    /// <summary>The status that nobody reads: the client has gone.</summary>
    private const int ClientClosedRequest = 499;

    /// <summary>503 while somebody else writes to the database, 507 when its disk is full, 500 for what is our fault.</summary>
    public static int StatusOf(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return (exception as SqliteException ?? exception.InnerException as SqliteException)?.SqliteErrorCode switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => StatusCodes.Status503ServiceUnavailable,
            raw.SQLITE_FULL => StatusCodes.Status507InsufficientStorage,
            _ => StatusCodes.Status500InternalServerError,
        };
    }

    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = ClientClosedRequest;
            return ValueTask.FromResult(true);
        }
        log.LogError(exception, "Reference {Reference}: {Method} {Path} failed", httpContext.TraceIdentifier, httpContext.Request.Method, httpContext.Request.Path);
        httpContext.Response.Headers[Header] = httpContext.TraceIdentifier;
        return ValueTask.FromResult(false);
    }
}

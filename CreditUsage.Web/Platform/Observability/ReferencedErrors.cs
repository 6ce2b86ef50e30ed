using Microsoft.AspNetCore.Diagnostics;

namespace CreditUsage.Platform.Observability;

/// <summary>Logs what went wrong under the reference that the user is shown, and lets a request that was given up end in silence.</summary>
public sealed class ReferencedErrors(ILogger<ReferencedErrors> log) : IExceptionHandler
{
    public const string Header = "X-Reference";

    /// <summary>The status that nobody reads: the client has gone.</summary>
    private const int ClientClosedRequest = 499;

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

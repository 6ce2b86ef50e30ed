using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Commands;

/// <summary>Why the site cannot listen, in one line.</summary>
public static class ListenFailure
{
    /// <summary>Null for anything else.</summary>
    public static string? Explain(Exception problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        if (!IsOfListening(problem)) return null;
        var cause = problem.Message.Split('\n')[0].Trim().TrimEnd('.');
        if (problem is SocketException { SocketErrorCode: SocketError.AccessDenied })
            return $"The site has no right to listen at its port: {cause}. Choose one from 1024 on with --urls, such as http://127.0.0.1:5080, with a web server in front of it, or give its service the right (AmbientCapabilities=CAP_NET_BIND_SERVICE).";
        return $"The site cannot listen at its address: {cause}. Choose another with --urls, such as http://127.0.0.1:5080, or stop what listens there.";
    }

    private static bool IsOfListening(Exception problem) => problem is SocketException or ArgumentOutOfRangeException { ParamName: "port" }
        || (problem is IOException or FormatException or InvalidOperationException or ArgumentException or NotSupportedException && problem.Source?.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) == true);
}

/// <summary>How the site ends at SIGTERM: it says so at /health/ready, goes on answering for the drain time, lets requests end, and is gone by a certain time.</summary>
public static class SiteEnd
{
    /// <summary>Beyond the host's own limit, for what does not heed it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public static void AddSiteEnd(this IServiceCollection services)
    {
        services.AddOptions<HostOptions>().Configure<IOptions<CreditUsageOptions>>((host, options) => host.ShutdownTimeout = Longest(options.Value));
        services.AddHostedService<Drain>();
    }

    /// <summary>While the site ends, each answer ends its connection: a proxy that kept it could send the next request just as it closes, and may not send every request twice.</summary>
    public static void UseSiteEnd(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.Use((context, next) =>
        {
            if (app.Lifetime.ApplicationStopping.IsCancellationRequested && HttpProtocol.IsHttp11(context.Request.Protocol)) context.Response.Headers.Connection = "close";
            return next(context);
        });
    }

    /// <summary>Waits for the signal, and then for the end, but not for ever.</summary>
    public static async Task<int> StopInTimeAsync(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var signal = app.Lifetime.ApplicationStopping.Register(() => stopping.TrySetResult());
        var limit = Longest(app.Services.GetRequiredService<IOptions<CreditUsageOptions>>().Value) + Grace;
        var ended = app.WaitForShutdownAsync();
        await stopping.Task;
        // What does not end is made good at the next start, as after a kill; disposing of it would wait for it again.
        if (await Task.WhenAny(ended, Task.Delay(limit, app.Services.GetRequiredService<TimeProvider>())) != ended) return VerbHost.Done;
        await ended;
        await app.DisposeAsync();
        return VerbHost.Done;
    }

    private static TimeSpan Longest(CreditUsageOptions options) => TimeSpan.FromSeconds(options.DrainSeconds + options.StopSeconds);

    /// <summary>Runs before the server stops listening.</summary>
    private sealed class Drain(IOptions<CreditUsageOptions> options) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.Delay(TimeSpan.FromSeconds(options.Value.DrainSeconds), cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

using CreditUsage.Data;
using CreditUsage.Data.Engines;
using CreditUsage.Domain.Integrity;

namespace CreditUsage.Platform.Integrity;

/// <summary>Checks the database's own structure: quickly at each start, in full every night (with what it holds, by the nightly check).</summary>
public sealed class CheckDatabase(IServiceScopeFactory scopes, DataChecks checks, IHostApplicationLifetime lifetime, ILogger<CheckDatabase> log) : IHostedService
{
    /// <summary>About a second's work. A larger database is checked beside the first requests.</summary>
    private const long WaitedForBytes = 256L * 1024 * 1024;

    private Task _check = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        checks.Checking = true;
        await using var scope = scopes.CreateAsyncScope();
        var small = scope.ServiceProvider.GetRequiredService<CreditUsageDb>().SizeBytes <= WaitedForBytes;
        _check = CheckAsync(lifetime.ApplicationStopping);
        if (small) await _check;
    }

    /// <summary>The check ends with the site: its token is cancelled before.</summary>
    public async Task StopAsync(CancellationToken cancellationToken) => await _check.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>The first fault; null where there is none.</summary>
    public async Task<string?> RunAsync(bool full, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var problem = await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().CheckAsync(full, cancellation);
        if (problem is not null) log.LogCritical("The database is damaged: {Problem}", problem);
        return problem;
    }

    private async Task LoadAsync(CancellationToken cancellation)
    {
        try
        {
            await checks.LoadAsync(cancellation);
        }
        catch (Exception problem) when (DatabaseFailure.IsUnavailable(problem))
        {
            // Not migrated, or damaged: /health/ready says which.
            log.LogWarning(problem, "The results of earlier checks could not be read");
        }
    }

    private async Task CheckAsync(CancellationToken stopping)
    {
        // The rest on a thread of its own: the engine answers without ever waiting.
        await Task.Yield();
        try
        {
            checks.Note(DataCheckKind.Database, await RunAsync(full: false, stopping));
        }
        catch (Exception problem) when (!stopping.IsCancellationRequested)
        {
            log.LogError(problem, "The database could not be checked");
        }
        finally
        {
            checks.Checking = false;
        }
    }
}

using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Imports;

/// <summary>
/// When the site starts: every import that a person waits for is queued. One whose process was killed between its row and its job would
/// wait for ever; one whose job is there as well finds its work done.
/// </summary>
public sealed partial class ResumeImports(IServiceScopeFactory scopes, QueueImport queue, ImportFiles files, ILogger<ResumeImports> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        files.Sweep();
        try
        {
            await QueueAsync(cancellationToken);
        }
        catch (SqliteException problem)
        {
            // A database that was not migrated, or that somebody else holds, must not keep the site from starting and saying so.
            LogFailure(problem);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task QueueAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        // Of every subscription: nobody has entered one yet.
        var waiting = await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().UsageImports.AsNoTracking().IgnoreQueryFilters()
            .Where(import => import.State == UsageImportState.Checking || import.State == UsageImportState.Storing).ToListAsync(cancellation);
        foreach (var import in waiting) await queue.RunAsync(import, cancellation);
    }

    [LoggerMessage(LogLevel.Error, "The imports that wait could not be looked up")]
    private partial void LogFailure(Exception problem);
}

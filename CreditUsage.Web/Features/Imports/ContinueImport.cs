using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace CreditUsage.Features.Imports;

/// <summary>Checks or stores an import, whichever its state calls for; leaves alone one that waits for a person or is finished.</summary>
public sealed partial class ContinueImport(CreditUsageDb db, CurrentSubscription current, CheckImport check, StoreImport store, ImportFiles files, QueueImport queue, ILogger<ContinueImport> log)
{
    public async Task RunAsync(Guid id, CancellationToken cancellation)
    {
        if (await db.UsageImports.AsNoTracking().SingleOrDefaultAsync(import => import.Id == id, cancellation) is not { } import) return;
        current.Actor = import.StoredBy ?? import.UploadedBy;
        try
        {
            if (import.State == UsageImportState.Checking) await check.RunAsync(import, cancellation);
            if (import.State == UsageImportState.Storing && !await store.RunAsync(import, cancellation)) await queue.RunAsync(import, cancellation);
        }
        catch (UserFacingException problem)
        {
            await RefuseAsync(import, problem.Message);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            LogFailure(problem, import.Id);
            await GiveBackAsync(import);
        }
    }

    private async Task RefuseAsync(UsageImport import, string problem)
    {
        db.ChangeTracker.Clear();
        await Waiting(import).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, UsageImportState.Refused).SetProperty(row => row.Problem, problem));
        files.Discard(import.Id);
    }

    /// <summary>After a failure on the server, a person may start the import again.</summary>
    private async Task GiveBackAsync(UsageImport import)
    {
        const string again = "Something went wrong on the server and nothing was stored.";
        db.ChangeTracker.Clear();
        if (import.State == UsageImportState.Checking) await RefuseAsync(import, $"{again} Upload the file again; if it goes wrong again, whoever runs the server finds the reason in its log under {import.Id}.");
        else
            await Waiting(import).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, UsageImportState.Checked)
                .SetProperty(row => row.Problem, $"{again} Choose Import again; if it goes wrong again, whoever runs the server finds the reason in its log under {import.Id}."));
    }

    private IQueryable<UsageImport> Waiting(UsageImport import) => db.UsageImports.Where(row => row.Id == import.Id && row.State == import.State);

    [LoggerMessage(LogLevel.Error, "Import {Import} failed")]
    private partial void LogFailure(Exception problem, Guid import);
}

public sealed class ImportJob(CurrentSubscription current, ContinueImport continueImport) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var (subscription, import) = QueueImport.Read(context);
        current.Enter(subscription);
        await continueImport.RunAsync(import, cancellationToken);
    }
}

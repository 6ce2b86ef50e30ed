using CreditUsage.Core.Intake;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using CreditUsage.Platform.Jobs;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace CreditUsage.Features.Imports;

/// <summary>Checks or stores an import, whichever its state calls for; leaves alone one that waits for a person or is finished.</summary>
public sealed partial class ContinueImport(CreditUsageDb db, CurrentSubscription current, CheckImport check, StoreImport store, ReverseImport reverse, ImportProgress progress, ImportFiles files, QueueImport queue, ILogger<ContinueImport> log)
{
    public async Task RunAsync(Guid id, CancellationToken cancellation)
    {
        if (await db.UsageImports.AsNoTracking().SingleOrDefaultAsync(import => import.Id == id, cancellation) is not { } import) return;
        current.Actor = import.ReversedBy ?? import.StoredBy ?? import.UploadedBy;
        try
        {
            if (import.State == UsageImportState.Checking) await check.RunAsync(import, cancellation);
            if (import.State == UsageImportState.Storing && !await store.RunAsync(import, cancellation)) await queue.RunAsync(import, cancellation);
            if (import.State == UsageImportState.Reversing && !await reverse.RunAsync(import, done => progress.ReportAsync(import, done, cancellation), cancellation)) await queue.RunAsync(import, cancellation);
        }
        catch (ColumnsNeededException) when (import.State == UsageImportState.Checking)
        {
            db.ChangeTracker.Clear();
            await check.AskForColumnsAsync(import, cancellation);
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
        await files.DiscardAsync(import.Id);
    }

    private async Task GiveBackAsync(UsageImport import)
    {
        const string again = "Something went wrong and nothing was imported.";
        db.ChangeTracker.Clear();
        if (import.State == UsageImportState.Reversing)
            await Waiting(import).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, UsageImportState.Stored)
                .SetProperty(row => row.Problem, $"Something went wrong and nothing was reversed. Reverse it again; if it fails again, give whoever runs the server this reference: {import.Id}."));
        else if (import.State == UsageImportState.Checking) await RefuseAsync(import, $"{again} Upload the file again; if it fails again, give whoever runs the server this reference: {import.Id}.");
        else
            await Waiting(import).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, UsageImportState.Checked)
                .SetProperty(row => row.Problem, $"{again} Choose Import again; if it fails again, give whoever runs the server this reference: {import.Id}."));
    }

    private IQueryable<UsageImport> Waiting(UsageImport import) => db.UsageImports.Where(row => row.Id == import.Id && row.State == import.State);

    [LoggerMessage(LogLevel.Error, "Import {Import} failed")]
    private partial void LogFailure(Exception problem, Guid import);
}

public sealed class ImportJob(CurrentSubscription current, ContinueImport continueImport, IHostApplicationLifetime lifetime) : OwnedJob(current, lifetime)
{
    protected override Task RunAsync(Guid row, CancellationToken cancellation) => continueImport.RunAsync(row, cancellation);
}

public sealed class ResumeImports(IServiceScopeFactory scopes, QueueImport queue, KeepJobsDatabase jobs, TimeProvider clock, ILogger<ResumeImports> log) : ResumeAtStart(scopes, jobs, log)
{
    protected override async Task QueueAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var waiting = await services.GetRequiredService<CreditUsageDb>().UsageImports.AsNoTracking().OfEverySubscription()
            .Where(import => import.State == UsageImportState.Checking || import.State == UsageImportState.Storing || import.State == UsageImportState.Reversing).ToListAsync(cancellation);
        foreach (var import in waiting) await queue.RunAsync(import, cancellation);
        await services.GetRequiredService<ImportFiles>().SweepAsync(clock.GetUtcNow(), cancellation);
    }
}

/// <summary>Hands an import to the job engine.</summary>
public sealed class QueueImport(ISchedulerFactory schedulers, TimeProvider clock)
{
    public Task RunAsync(UsageImport import, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(import);
        return schedulers.QueueAsync<ImportJob>(import.SubscriptionId, import.Id, clock, cancellation);
    }
}

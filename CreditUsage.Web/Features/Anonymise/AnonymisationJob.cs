using CreditUsage.Data;
using CreditUsage.Data.Engines;
using CreditUsage.Domain.Privacy;
using CreditUsage.Platform;
using CreditUsage.Platform.Jobs;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace CreditUsage.Features.Anonymise;

/// <summary>Takes an anonymisation to its end, whatever happens, and stores how it ended.</summary>
internal sealed partial class RunAnonymisation(CreditUsageDb db, CurrentSubscription current, AnonymiseClients anonymise, EraseReplaced erase, IServiceScopeFactory scopes, TimeProvider clock, ILogger<RunAnonymisation> log)
{
    /// <summary>How often it is begun anew because something has come in between.</summary>
    private const int MostPasses = 10;

    public async Task RunAsync(Guid row, CancellationToken cancellation)
    {
        await ReplaceAsync(row, cancellation);
        // What is left after an end in between is done by the next start or night.
        if (!await erase.RunAsync(cancellation)) LogLeft(row);
    }

    /// <summary>Without what is erased afterwards.</summary>
    public async Task<AnonymisationState?> ReplaceAsync(Guid row, CancellationToken cancellation)
    {
        if (await StateAsync(row, cancellation) is { State: AnonymisationState.Running } asked)
        {
            current.Actor = asked.RequestedBy;
            await ReplaceAsync(asked, cancellation);
            db.ChangeTracker.Clear();
        }
        return (await StateAsync(row, cancellation))?.State;
    }

    private Task<Anonymisation?> StateAsync(Guid row, CancellationToken cancellation) => db.Anonymisations.AsNoTracking().SingleOrDefaultAsync(one => one.Id == row, cancellation);

    private async Task ReplaceAsync(Anonymisation asked, CancellationToken cancellation)
    {
        try
        {
            for (var pass = 0; pass < MostPasses; pass++)
            {
                if (await anonymise.RunAsync(asked, (done, all) => ReportAsync(asked, done, all, cancellation), cancellation)) return;
                db.ChangeTracker.Clear();
            }
            await FailAsync(asked.Id, "Reports keep being saved, so nothing has changed. Try again later.");
        }
        catch (UserFacingException problem)
        {
            await FailAsync(asked.Id, problem.Message);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            LogFailure(problem, asked.Id);
            await FailAsync(asked.Id, $"Something went wrong and nothing has changed. Try again; if it fails again, give whoever runs the server this reference: {asked.Id}.");
        }
    }

    private Task FailAsync(Guid row, string problem)
    {
        db.ChangeTracker.Clear();
        var now = clock.GetUtcNow();
        return db.Anonymisations.Where(one => one.Id == row && one.State == AnonymisationState.Running).ExecuteUpdateAsync(
            set => set.SetProperty(one => one.State, AnonymisationState.Failed).SetProperty(one => one.ClientId, (string?)null).SetProperty(one => one.Problem, problem).SetProperty(one => one.EndedAt, now), CancellationToken.None);
    }

    private async Task ReportAsync(Anonymisation asked, int done, int all, CancellationToken cancellation)
    {
        try
        {
            await scopes.InSubscriptionAsync(asked.SubscriptionId, services => services.GetRequiredService<CreditUsageDb>().Anonymisations
                .Where(row => row.Id == asked.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.FilesDone, done).SetProperty(row => row.Files, all), cancellation));
        }
        catch (Exception problem) when (DatabaseFailure.IsBusy(problem))
        {
            // Another writer is busy for long: the next figure is stored.
        }
    }

    [LoggerMessage(LogLevel.Error, "The anonymisation {Anonymisation} failed")]
    private partial void LogFailure(Exception problem, Guid anonymisation);

    [LoggerMessage(LogLevel.Warning, "The names of the anonymisation {Anonymisation} are replaced, and traces may be left in the database's file: another program has it open. The next start or night tries again")]
    private partial void LogLeft(Guid anonymisation);
}

internal sealed class AnonymisationJob(CurrentSubscription current, RunAnonymisation run, IHostApplicationLifetime lifetime) : OwnedJob(current, lifetime)
{
    protected override Task RunAsync(Guid row, CancellationToken cancellation) => run.RunAsync(row, cancellation);
}

internal sealed class ResumeAnonymisations(IServiceScopeFactory scopes, ISchedulerFactory schedulers, KeepJobsDatabase jobs, TimeProvider clock, ILogger<ResumeAnonymisations> log) : ResumeAtStart(scopes, jobs, log)
{
    protected override async Task QueueAsync(IServiceProvider services, CancellationToken cancellation)
    {
        foreach (var row in await services.GetRequiredService<CreditUsageDb>().Anonymisations.AsNoTracking().OfEverySubscription()
            .Where(row => row.State == AnonymisationState.Running || (row.State == AnonymisationState.Done && row.ErasedAt == null)).ToListAsync(cancellation))
            await schedulers.QueueAsync<AnonymisationJob>(row.SubscriptionId, row.Id, clock, cancellation);
    }
}

using CreditUsage.Data;
using CreditUsage.Data.Engines;
using CreditUsage.Domain.Credits;
using CreditUsage.Platform;
using CreditUsage.Platform.Jobs;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace CreditUsage.Features.Credits;

/// <summary>Checks what is asked for, and hands it to the job engine.</summary>
public sealed class AskForRepricing(CreditUsageDb db, CurrentSubscription current, ISchedulerFactory schedulers, TimeProvider clock)
{
    /// <param name="last">Included; null for the day before the next price, or no last day where there is none.</param>
    /// <returns>The last day; null where there is none.</returns>
    /// <exception cref="UserFacingException">A month of these days is closed, or none of them has a price.</exception>
    public async Task<DateOnly?> CheckAsync(DateOnly first, DateOnly? last, CancellationToken cancellation)
    {
        if (last < first) throw new UserFacingException("The last day is before the first.");
        PriceDays.RefuseClosed(await db.ClosedMonthsAsync(cancellation), first);
        var prices = await db.CreditPrices.AsNoTracking().OrderBy(price => price.ValidFrom).ToListAsync(cancellation);
        last ??= prices.Find(price => price.ValidFrom > first)?.ValidFrom.AddDays(-1);
        if (!prices.Exists(price => price.ValidFrom <= (last ?? first))) throw new UserFacingException("These days have no price yet. Set one instead.");
        return last;
    }

    /// <exception cref="UserFacingException">As for <see cref="CheckAsync"/>, or another change is under way.</exception>
    public async Task<Guid> RunAsync(DateOnly first, DateOnly? last, long priceMicros, string reason, CancellationToken cancellation)
    {
        var repricing = new Repricing
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            SubscriptionId = db.RequireSubscriptionId(),
            FirstDay = first,
            LastDay = await CheckAsync(first, last, cancellation),
            PriceMicros = priceMicros,
            Reason = reason,
            RequestedBy = current.Actor,
            RequestedAt = clock.GetUtcNow(),
            State = RepricingState.Running,
        };
        await using (var transaction = await db.BeginWriteAsync(cancellation))
        {
            if (await db.Repricings.AnyAsync(other => other.State == RepricingState.Running, cancellation)) throw new UserFacingException("Another change of a price is under way. Wait until it is done.");
            db.Add(repricing);
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
        await schedulers.QueueAsync<RepricingJob>(repricing.SubscriptionId, repricing.Id, clock, CancellationToken.None);
        return repricing.Id;
    }
}

public sealed partial class RepricingJob(
    CurrentSubscription current, CreditUsageDb db, Reprice reprice, IServiceScopeFactory scopes, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<RepricingJob> log) : OwnedJob(current, lifetime)
{
    /// <summary>How often it is begun anew because something has come in between.</summary>
    private const int MostPasses = 10;

    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(250);

    private readonly CurrentSubscription _current = current;
    private long _told = System.Diagnostics.Stopwatch.GetTimestamp();

    protected override async Task RunAsync(Guid row, CancellationToken cancellation)
    {
        if (await db.Repricings.AsNoTracking().SingleOrDefaultAsync(one => one.Id == row, cancellation) is not { State: RepricingState.Running } repricing) return;
        _current.Actor = repricing.RequestedBy;
        try
        {
            for (var pass = 0; pass < MostPasses; pass++)
            {
                if (await reprice.RunAsync(repricing, (done, all) => ReportAsync(repricing, done, all, cancellation), cancellation)) return;
                db.ChangeTracker.Clear();
            }
            await FailAsync(row, "Usage of these days keeps arriving, so nothing has changed. Try again later, or with a last day that is over.");
        }
        catch (UserFacingException problem)
        {
            await FailAsync(row, problem.Message);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            LogFailure(problem, row);
            await FailAsync(row, $"Something went wrong and nothing has changed. Try again; if it fails again, give whoever runs the server this reference: {row}.");
        }
    }

    private Task FailAsync(Guid row, string problem)
    {
        db.ChangeTracker.Clear();
        return db.Repricings.Where(one => one.Id == row && one.State == RepricingState.Running).ExecuteUpdateAsync(
            set => set.SetProperty(one => one.State, RepricingState.Failed).SetProperty(one => one.Problem, problem).SetProperty(one => one.EndedAt, clock.GetUtcNow()), CancellationToken.None);
    }

    private async Task ReportAsync(Repricing repricing, int done, int all, CancellationToken cancellation)
    {
        if (System.Diagnostics.Stopwatch.GetElapsedTime(_told) < Often) return;
        try
        {
            await scopes.InSubscriptionAsync(repricing.SubscriptionId, services => services.GetRequiredService<CreditUsageDb>().Repricings
                .Where(row => row.Id == repricing.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.EventsDone, done).SetProperty(row => row.Events, all), cancellation));
        }
        catch (Exception problem) when (DatabaseFailure.IsBusy(problem))
        {
            // Another writer is busy for long: the next figure is stored.
        }
        _told = System.Diagnostics.Stopwatch.GetTimestamp();
    }

    [LoggerMessage(LogLevel.Error, "The change of price {Repricing} failed")]
    private partial void LogFailure(Exception problem, Guid repricing);
}

public sealed class ResumeRepricings(IServiceScopeFactory scopes, ISchedulerFactory schedulers, KeepJobsDatabase jobs, TimeProvider clock, ILogger<ResumeRepricings> log) : ResumeAtStart(scopes, jobs, log)
{
    protected override async Task QueueAsync(IServiceProvider services, CancellationToken cancellation)
    {
        foreach (var row in await services.GetRequiredService<CreditUsageDb>().Repricings.AsNoTracking().OfEverySubscription().Where(row => row.State == RepricingState.Running).ToListAsync(cancellation))
            await schedulers.QueueAsync<RepricingJob>(row.SubscriptionId, row.Id, clock, cancellation);
    }
}

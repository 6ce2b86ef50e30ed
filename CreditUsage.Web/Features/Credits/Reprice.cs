using CreditUsage.Core;
using CreditUsage.Core.Intake;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Data.Engines;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using CreditUsage.Platform.Jobs;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace CreditUsage.Features.Credits;

/// <summary>
/// Puts a late or wrong price right over some days: a signed correction for each event, and the price list itself, in one instant. Written as an import
/// is, in short writes that nobody sees until all are there.
/// </summary>
public sealed class Reprice(CreditUsageDb db, ImportTurns turns, AuditLog audit, TimeProvider clock)
{
    /// <param name="progress">Is told how many events have been gone through, and of how many.</param>
    /// <returns>False where an event, a closing, a price or a correction has come in between: then nothing has changed, and it is to be done again.</returns>
    /// <exception cref="UserFacingException">A month of these days was closed since it was asked for.</exception>
    public async Task<bool> RunAsync(Repricing asked, Func<int, int, Task> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(progress);
        await using var hidden = await HiddenIntake.BeginAsync(db, turns, UsageSource.Correction, asked.RequestedBy, clock, cancellation);
        if (!await db.Repricings.AnyAsync(row => row.Id == asked.Id && row.State == RepricingState.Running, cancellation)) return true;
        PriceDays.RefuseClosed(await db.ClosedMonthsAsync(cancellation), asked.FirstDay);
        // A price that was set since it was asked for stays.
        var last = asked.LastDay ?? (await db.CreditPrices.Where(price => price.ValidFrom > asked.FirstDay).MinAsync(price => (DateOnly?)price.ValidFrom, cancellation))?.AddDays(-1);
        var usage = new RepricedUsage(db, asked.FirstDay, last ?? DateOnly.MaxValue, asked.PriceMicros);
        var (events, corrections, keys) = (await usage.Originals.CountAsync(cancellation), await usage.Corrections.CountAsync(cancellation), await usage.KeysAsync(cancellation));
        var (pence, done) = (0L, 0);
        using (var insert = db.PrepareUsageInsert())
        {
            insert.NextId = hidden.FirstId;
            await foreach (var page in usage.InPagesAsync(keys, cancellation))
            {
                var rows = page.Select(net => usage.Change(net) is { } changed ? net.Correction(asked.PriceMicros, changed, hidden.Intake, net.Original.ReportMonth, asked.Reason) : null).OfType<UsageEvent>().ToList();
                await hidden.WriteAsync(rows, part => insert.RunAsync(part, cancellation), cancellation);
                (hidden.Intake.Accepted, pence) = (hidden.Intake.Accepted + rows.Count, pence + rows.Sum(row => row.CostPence!.Value));
                await progress(done += page.Count, keys.Count);
            }
        }
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (!await hidden.HoldsAsync(cancellation) || await usage.Originals.CountAsync(cancellation) != events || await usage.Corrections.CountAsync(cancellation) != corrections) return false;
        if (await db.Repricings.SingleOrDefaultAsync(row => row.Id == asked.Id && row.State == RepricingState.Running, cancellation) is not { } repricing) return true;
        await PriceDays.SetAsync(db, asked.FirstDay, last, asked.PriceMicros, cancellation);
        (repricing.Priced, repricing.Corrected, repricing.DifferencePence) = (await PriceDays.PriceWithheldAsync(db, asked.FirstDay, last ?? DateOnly.MaxValue, asked.PriceMicros, cancellation), hidden.Intake.Accepted, pence);
        (repricing.State, repricing.LastDay, repricing.EndedAt, repricing.Events, repricing.EventsDone) = (RepricingState.Done, last, clock.GetUtcNow(), keys.Count, keys.Count);
        hidden.Show();
        await db.SaveChangesAsync(cancellation);
        // Without the reason, which may name a client; it stands with the events.
        await audit.AddAsync(AuditAction.Price, $"Credit price {repricing.DaysLabel()}", $"Repriced at {PricePeriod.Format(asked.PriceMicros)}: {Display.Count(repricing.Corrected, "event", "events")} corrected by {Display.Pounds(pence)}, {Display.Count(repricing.Priced, "event", "events")} priced for the first time.", cancellation);
        await transaction.CommitAsync(cancellation);
        hidden.Shown();
        return true;
    }
}

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

internal static class RepricingLabels
{
    public static string Label(this Repricing repricing) => repricing.State switch { RepricingState.Running => "Being repriced", RepricingState.Done => "Repriced", _ => "Not repriced" };

    /// <summary>"01/10/2026 to 31/10/2026", "from 01/10/2026 on".</summary>
    public static string DaysLabel(this Repricing repricing) =>
        repricing.LastDay is { } last ? $"{Display.Day(repricing.FirstDay)} to {Display.Day(last)}" : $"from {Display.Day(repricing.FirstDay)} on";
}

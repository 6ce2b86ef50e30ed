using CreditUsage.Core;
using CreditUsage.Core.Intake;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;

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

internal static class RepricingLabels
{
    public static string Label(this Repricing repricing) => repricing.State switch { RepricingState.Running => "Being repriced", RepricingState.Done => "Repriced", _ => "Not repriced" };

    /// <summary>"01/10/2026 to 31/10/2026", "from 01/10/2026 on".</summary>
    public static string DaysLabel(this Repricing repricing) =>
        repricing.LastDay is { } last ? $"{Display.Day(repricing.FirstDay)} to {Display.Day(last)}" : $"from {Display.Day(repricing.FirstDay)} on";
}

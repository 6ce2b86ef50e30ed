using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Features.Shared;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Months;

/// <summary>What has to be in order before a month is closed.</summary>
public sealed class MonthChecklist(CreditUsageDb db, TimeProvider clock)
{
    private const int ListedDays = 10;

    public async Task<IReadOnlyList<CheckItem>> OfAsync(UsageMonth month, CancellationToken cancellation)
    {
        var closed = await ClosedMonths.LoadAsync(db, cancellation);
        return
        [
            await OrderAsync(month, closed, cancellation),
            await TopUpsAsync(month, cancellation),
            await PricesAsync(month, cancellation),
            await ImportsAsync(cancellation),
            await ProofAsync(month, cancellation),
        ];
    }

    /// <summary>Months are closed in order, so that every closing balance is the next opening.</summary>
    private async Task<CheckItem> OrderAsync(UsageMonth month, ClosedMonths closed, CancellationToken cancellation)
    {
        const string title = "The month is over and those before it are closed";
        var months = new ReportableMonths((await db.Subscriptions.AsNoTracking().SingleAsync(subscription => subscription.Id == db.SubscriptionId, cancellation)).StartsOn, clock.GetUtcNow());
        if (months.Refusal(month) is { } refusal) return new(title, CheckOutcome.Missing, refusal);
        if (month == months.Current) return new(title, CheckOutcome.Missing, $"{month.Name} is in progress. Close it when it is over.");
        if (closed.IsClosed(month)) return new(title, CheckOutcome.Missing, $"{month.Name} is closed already.");
        var next = closed.Latest?.Next ?? months.First;
        return month == next ? new(title, CheckOutcome.Met, "They are.") : new(title, CheckOutcome.Missing, $"Months are closed in order. Close {next.Name} first.", $"/months/{next}");
    }

    private async Task<CheckItem> TopUpsAsync(UsageMonth month, CancellationToken cancellation)
    {
        const string title = "Every day has its top-ups";
        var missing = await MissingTopUps.OfMonthAsync(db, month, clock.GetUtcNow(), cancellation);
        var charged = await db.Subscriptions.AnyAsync(subscription => subscription.Id == db.SubscriptionId && subscription.ChargesTopUpsFrom != null, cancellation);
        if (missing.Count > 0 && charged)
            return new(title, CheckOutcome.Missing, $"{Display.Count(missing.Count, "top-up is", "top-ups are")} not charged yet: {Listed(missing.Select(one => $"{one.Schedule.DeviceId} on {Display.Day(one.Day)}"))}. That happens within an hour of the day's end.", "/schedules");
        if (missing.Count > 0)
            return new(title, CheckOutcome.Advised, $"{Display.Count(missing.Count, "top-up is", "top-ups are")} missing by the schedules: {Listed(missing.Select(one => $"{one.Schedule.DeviceId} on {Display.Day(one.Day)}"))}.", "/schedules");
        var with = await db.UsageEvents.Where(usage => usage.ReportMonth == month && usage.Kind == UsageKind.DailyTopUp && usage.Correction == null && usage.ServiceDate >= month.Start)
            .Select(usage => usage.ServiceDate).Distinct().ToListAsync(cancellation);
        // Before the first of all there was nothing to be missed.
        var earlier = await db.UsageEvents.AnyAsync(usage => usage.ReportMonth < month && usage.Kind == UsageKind.DailyTopUp, cancellation);
        var first = with.Count == 0 ? month.End : earlier ? month.Start : with.Min();
        var without = Enumerable.Range(0, month.End.DayNumber - first.DayNumber).Select(first.AddDays).Except(with).ToList();
        return without.Count == 0 ? new(title, CheckOutcome.Met, with.Count == 0 ? "The month has no daily top-up, and no schedule asks for one." : "It has.")
            : new(title, CheckOutcome.Advised, $"{Display.Count(without.Count, "day has", "days have")} no daily top-up at all: {Listed(without.Select(Display.Day))}.", "/imports");
    }

    private async Task<CheckItem> PricesAsync(UsageMonth month, CancellationToken cancellation)
    {
        const string title = "No price is missing";
        var unpriced = await db.UsageEvents.CountAsync(usage => usage.ReportMonth == month && usage.CostPence == null, cancellation);
        return unpriced == 0 ? new(title, CheckOutcome.Met, "Every event has its cost.")
            : new(title, CheckOutcome.Missing, $"{Display.Count(unpriced, "event has", "events have")} no cost, since no credit price is valid on their day. Set the price.", "/credits/prices");
    }

    private async Task<CheckItem> ImportsAsync(CancellationToken cancellation)
    {
        const string title = "Imports are finished";
        var states = await db.UsageImports.Where(import => import.State == UsageImportState.Checking || import.State == UsageImportState.Storing || (import.State == UsageImportState.Checked && import.ErrorCount == 0 && import.Accepted > 0))
            .Select(import => import.State).ToListAsync(cancellation);
        if (states.Count == 0) return new(title, CheckOutcome.Met, "None is on its way.");
        return states.All(state => state == UsageImportState.Checked)
            ? new(title, CheckOutcome.Advised, $"{Display.Count(states.Count, "file has", "files have")} been previewed and neither imported nor discarded.", "/imports")
            : new(title, CheckOutcome.Missing, "A file is being checked or imported. Wait until it is done.", "/imports");
    }

    private async Task<CheckItem> ProofAsync(UsageMonth month, CancellationToken cancellation)
    {
        const string title = "The balance is proved";
        var end = new DateTimeOffset(month.End, TimeOnly.MinValue, TimeSpan.Zero);
        var proof = await db.BalanceProofs.AsNoTracking().Where(proof => proof.ShownAt >= end).OrderByDescending(proof => proof.RecordedAt).FirstOrDefaultAsync(cancellation);
        if (proof is null) return new(title, CheckOutcome.Advised, $"The Available figure that ONE shows has not been held against the ledger since {month.Name} ended.", "/credits/proof");
        var explained = proof.ShownCredits - proof.LedgerCredits == proof.ExplainedCredits;
        return new(title, explained ? CheckOutcome.Met : CheckOutcome.Advised, $"{Display.Moment(proof.ShownAt)}: {proof.Finding}", "/credits/proof");
    }

    private static string Listed(IEnumerable<string> all)
    {
        var listed = all.ToList();
        return string.Join(", ", listed.Take(ListedDays)) + (listed.Count > ListedDays ? $" and {listed.Count - ListedDays} more" : "");
    }
}

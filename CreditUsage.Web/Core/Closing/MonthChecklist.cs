using CreditUsage.Core.Ledger;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Closing;

public sealed class MonthChecklist(CreditUsageDb db, TimeProvider clock)
{
    private const int ListedDays = 10;

    /// <summary>Reads the month anew. In a write transaction the answer holds until it ends.</summary>
    public async Task<IReadOnlyList<CheckItem>> OfAsync(UsageMonth month, CancellationToken cancellation) =>
        await OfAsync(await MonthFacts.LoadAsync(db, month, clock.GetUtcNow(), cancellation), cancellation);

    public async Task<IReadOnlyList<CheckItem>> OfAsync(MonthFacts facts, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var usage = await UsageAsync(facts, cancellation);
        var (checking, previewed, proof) = await ImportsAndProofAsync(facts.Month, cancellation);
        return [Order(facts), usage, Prices(facts.Unpriced), Imports(checking, previewed), Proof(facts.Month, proof)];
    }

    /// <summary>Months are closed in order, so that every closing balance is the next opening balance.</summary>
    private static CheckItem Order(MonthFacts facts)
    {
        const string title = "The month is over and earlier months are closed";
        var (month, months, closed) = (facts.Month, facts.Calendar.Months, facts.Calendar.Closed);
        if (months.Refusal(month) is { } refusal) return new(title, CheckOutcome.Missing, refusal);
        if (month == months.Current) return new(title, CheckOutcome.Missing, $"{month.Name} is in progress. Close it when it is over.");
        if (closed.IsClosed(month)) return new(title, CheckOutcome.Missing, $"{month.Name} is closed already.");
        var next = closed.Latest?.Next ?? months.First;
        return month == next ? new(title, CheckOutcome.Met, "Ready to close.") : new(title, CheckOutcome.Missing, $"Months are closed in order. Close {next.Name} first.", $"/months/{next}");
    }

    private async Task<CheckItem> UsageAsync(MonthFacts facts, CancellationToken cancellation)
    {
        const string title = "Usage complete";
        var (month, chargedFrom) = (facts.Month, facts.Calendar.ChargesTopUpsFrom);
        var missing = await MissingTopUps.OfMonthAsync(db, month, chargedFrom, facts.Calendar.AsAt, cancellation);
        if (missing.Count > 0)
        {
            var (count, listed) = (Display.Count(missing.Count, "top-up is", "top-ups are"), Listed(missing.Select(one => $"{one.Schedule.DeviceId} on {Display.Day(one.Day)}")));
            return chargedFrom is null ? new(title, CheckOutcome.Advised, $"{count} missing by the schedules: {listed}.", "/schedules")
                : new(title, CheckOutcome.Missing, $"{count} not charged yet: {listed}. They are charged within an hour of the day's end.", "/schedules");
        }
        var with = facts.Days.Where(day => day.TopUps > 0 && day.ServiceDate >= month.Start).Select(day => day.ServiceDate).ToList();
        var before = await UsageGaps.LoadAsync(db, month, cancellation);
        // Before the first usage no day can be missing.
        var first = with.Count == 0 ? month.End : before.HadTopUps ? month.Start : with.Min();
        var without = Enumerable.Range(0, month.End.DayNumber - first.DayNumber).Select(first.AddDays).Except(with).ToList();
        IReadOnlyList<string> gaps = await before.FindAsync(cancellation);
        if (without.Count > 0) gaps = [$"{Display.Count(without.Count, "day has", "days have")} no daily top-up at all: {Listed(without.Select(Display.Day))}.", .. gaps];
        return gaps.Count == 0 ? new(title, CheckOutcome.Met, with.Count == 0 ? "No top-ups were due." : "All top-ups charged.")
            : new(title, CheckOutcome.Advised, string.Join(' ', gaps), "/imports");
    }

    private static CheckItem Prices(int unpriced)
    {
        const string title = "No price is missing";
        return unpriced == 0 ? new(title, CheckOutcome.Met, "Every event has its cost.")
            : new(title, CheckOutcome.Missing, $"{Display.Count(unpriced, "event has", "events have")} no cost, because no price is set for their day. Set the price.", "/credits/prices");
    }

    private async Task<(int Checking, int Previewed, BalanceProof? Proof)> ImportsAndProofAsync(UsageMonth month, CancellationToken cancellation)
    {
        var end = new DateTimeOffset(month.End, TimeOnly.MinValue, TimeSpan.Zero);
        var found = await (from subscription in db.Subscriptions.AsNoTracking()
                           where subscription.Id == db.SubscriptionId
                           join one in db.BalanceProofs.Where(proof => proof.ShownAt >= end) on subscription.Id equals one.SubscriptionId into proofs
                           from proof in proofs.DefaultIfEmpty()
                           orderby proof.RecordedAt descending
                           select new
                           {
                               Checking = db.UsageImports.Count(import => import.State == UsageImportState.Checking || import.State == UsageImportState.Storing || import.State == UsageImportState.Reversing),
                               Previewed = db.UsageImports.Count(import => import.State == UsageImportState.Checked && import.ErrorCount == 0 && import.Accepted > 0),
                               Proof = (BalanceProof?)proof,
                           }).FirstAsync(cancellation);
        return (found.Checking, found.Previewed, found.Proof);
    }

    private static CheckItem Imports(int checking, int previewed)
    {
        const string title = "Imports are finished";
        if (checking > 0) return new(title, CheckOutcome.Missing, "A file is being checked, imported or reversed. Wait for it to finish.", "/imports");
        return previewed == 0 ? new(title, CheckOutcome.Met, "No import running.")
            : new(title, CheckOutcome.Advised, $"{Display.Count(previewed, "file has", "files have")} been checked but not imported or discarded.", "/imports");
    }

    private static CheckItem Proof(UsageMonth month, BalanceProof? proof)
    {
        const string title = "The balance is reconciled";
        if (proof is null) return new(title, CheckOutcome.Advised, $"The Available figure in ONE has not been reconciled with the ledger since {month.Name} ended.", "/credits/proof");
        var explained = proof.ShownCredits - proof.LedgerCredits == proof.ExplainedCredits;
        return new(title, explained ? CheckOutcome.Met : CheckOutcome.Advised, $"{Display.Moment(proof.ShownAt)}: {proof.Finding}", "/credits/proof");
    }

    internal static string Listed(IEnumerable<string> all)
    {
        var listed = all.ToList();
        return string.Join(", ", listed.Take(ListedDays)) + (listed.Count > ListedDays ? $" and {listed.Count - ListedDays} more" : "");
    }
}

public sealed record CheckItem(string Title, CheckOutcome Outcome, string Finding, string? Link = null);

public enum CheckOutcome
{
    Met,

    /// <summary>Should be put right, or explained in a note.</summary>
    Advised,

    /// <summary>Must be put right before the month can be closed.</summary>
    Missing,
}

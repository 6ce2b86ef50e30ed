using CreditUsage.Core;
using CreditUsage.Core.Ledger;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

/// <summary>Compares the balance that ONE showed with the ledger and finds possible causes of the difference.</summary>
public sealed class ExplainBalance(CreditUsageDb db, CreditBalance balance, TimeProvider clock)
{
    /// <param name="shownAt">Not in the future.</param>
    public async Task<BalanceExplanation> RunAsync(DateTimeOffset shownAt, long shownCredits, CancellationToken cancellation)
    {
        var agreed = await LastExplainedProofAsync(shownAt, cancellation);
        var causes = new[]
        {
            await PostedAtMidnightAsync(shownAt, cancellation), await NotChargedAsync(shownAt, cancellation), await RecordedAfterAsync(shownAt, cancellation),
            await LateAsync(shownAt, cancellation), await UsageCorrectionsAsync(agreed, shownAt, cancellation), await EntryCorrectionsAsync(agreed, shownAt, cancellation),
            await UsageCorrectedAfterAsync(shownAt, cancellation), await EntriesCorrectedAfterAsync(shownAt, cancellation),
        };
        return BalanceExplanation.Of(shownAt, shownCredits, await balance.AvailableAsync(shownAt, cancellation), [.. causes.Where(cause => cause.Credits != 0)]);
    }

    /// <summary>ONE deducts top-ups shortly after 00:00 GMT; the ledger posts them at 00:00.</summary>
    private async Task<BalanceCause> PostedAtMidnightAsync(DateTimeOffset shownAt, CancellationToken cancellation)
    {
        var (midnight, dayGone) = (Midnight(shownAt), DayOf(shownAt).AddDays(-1));
        var credits = await Usage(UsageMonth.Of(shownAt)).Where(usage => usage.Kind == UsageKind.DailyTopUp && usage.Correction == null && usage.ServiceDate == dayGone && usage.PostedAt == midnight)
            .SumAsync(usage => (long)usage.Credits, cancellation);
        return new($"Daily top-ups of {Display.Day(dayGone)}, which ONE may not have deducted yet", credits, MonthAddress.Report(UsageMonth.Of(dayGone)));
    }

    private async Task<BalanceCause> NotChargedAsync(DateTimeOffset shownAt, CancellationToken cancellation)
    {
        var dayGone = DayOf(shownAt).AddDays(-1);
        var missing = await MissingTopUps.FindAsync(db, dayGone, dayGone, cancellation);
        return new($"Daily top-ups of {Display.Day(dayGone)} that are not recorded here yet", -missing.Count * CreditRule.CreditsPerTopUp, "/schedules");
    }

    /// <summary>Events before that time, recorded after it; ONE may have had them later too.</summary>
    private async Task<BalanceCause> RecordedAfterAsync(DateTimeOffset shownAt, CancellationToken cancellation)
    {
        var credits = await (from usage in Usage(UsageMonth.Of(shownAt))
                             where usage.PostedAt <= shownAt && usage.Correction == null
                             join intake in db.UsageIntakes on usage.IntakeId equals intake.Id
                             where intake.RecordedAt > shownAt
                             select (long)usage.Credits).SumAsync(cancellation);
        return new("Events before that time, recorded after it", credits, MonthAddress.Report(UsageMonth.Of(shownAt)));
    }

    /// <summary>Events from before that moment that were posted after it, because their month was closed.</summary>
    private async Task<BalanceCause> LateAsync(DateTimeOffset shownAt, CancellationToken cancellation)
    {
        var dayGone = DayOf(shownAt).AddDays(-1);
        var late = db.UsageEvents.AsNoTracking().Where(usage => usage.PostedAt > shownAt && usage.Correction == null
            && (usage.Kind == UsageKind.ConnectedSession ? usage.OccurredAt <= shownAt : usage.ServiceDate <= dayGone));
        var used = await late.SumAsync(usage => (long)usage.Credits, cancellation);
        var entered = await db.LedgerEntries.Where(entry => entry.PostedAt > shownAt && entry.Kind != LedgerEntryKind.Correction && entry.ServiceDate <= dayGone).SumAsync(entry => (long)entry.Credits, cancellation);
        return new("Events and entries recorded after their month was closed, so counted later", entered - used, StatementLink(UsageMonth.Of(clock.GetUtcNow())));
    }

    private async Task<BalanceCause> UsageCorrectionsAsync(DateTimeOffset since, DateTimeOffset shownAt, CancellationToken cancellation)
    {
        var credits = await Usage(UsageMonth.Of(shownAt)).Where(usage => usage.Correction != null && usage.PostedAt > since && usage.PostedAt <= shownAt).SumAsync(usage => (long)usage.Credits, cancellation);
        return new("Usage corrected here that ONE may not have", credits, StatementLink(UsageMonth.Of(shownAt)));
    }

    private async Task<BalanceCause> EntryCorrectionsAsync(DateTimeOffset since, DateTimeOffset shownAt, CancellationToken cancellation)
    {
        var credits = await db.LedgerEntries.Where(entry => entry.Kind == LedgerEntryKind.Correction && entry.PostedAt > since && entry.PostedAt <= shownAt).SumAsync(entry => (long)entry.Credits, cancellation);
        return new("Entries reversed here that ONE may not have", -credits, "/credits");
    }

    /// <summary>What the ledger counted wrongly at that moment and ONE perhaps did not.</summary>
    private async Task<BalanceCause> UsageCorrectedAfterAsync(DateTimeOffset shownAt, CancellationToken cancellation)
    {
        var credits = await (from correction in db.UsageEvents.AsNoTracking()
                             where correction.CorrectsId != null && correction.PostedAt > shownAt
                             join original in db.UsageEvents on correction.CorrectsId equals original.Id
                             where original.PostedAt <= shownAt
                             select (long)correction.Credits).SumAsync(cancellation);
        return new("Earlier usage corrected here after that time", -credits, StatementLink(UsageMonth.Of(clock.GetUtcNow())));
    }

    private async Task<BalanceCause> EntriesCorrectedAfterAsync(DateTimeOffset shownAt, CancellationToken cancellation)
    {
        var credits = await (from correction in db.LedgerEntries.AsNoTracking()
                             where correction.Kind == LedgerEntryKind.Correction && correction.PostedAt > shownAt
                             join original in db.LedgerEntries on correction.CorrectsId equals original.Id
                             where original.PostedAt <= shownAt
                             select (long)correction.Credits).SumAsync(cancellation);
        return new("Earlier entries reversed here after that time", credits, "/credits");
    }

    /// <summary>The last moment at which both agreed: ONE knows all corrections made until then.</summary>
    private async Task<DateTimeOffset> LastExplainedProofAsync(DateTimeOffset before, CancellationToken cancellation) =>
        await db.BalanceProofs.Where(proof => proof.ShownAt < before && proof.ShownCredits == proof.LedgerCredits).MaxAsync(proof => (DateTimeOffset?)proof.ShownAt, cancellation) ?? DateTimeOffset.UnixEpoch;

    /// <summary>Nothing is posted before its report month, so the month bounds the search.</summary>
    private IQueryable<UsageEvent> Usage(UsageMonth upTo) => db.UsageEvents.AsNoTracking().Where(usage => usage.ReportMonth <= upTo);

    private static DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(instant.UtcDateTime);

    private static DateTimeOffset Midnight(DateTimeOffset instant) => new(DayOf(instant), TimeOnly.MinValue, TimeSpan.Zero);

    private static string StatementLink(UsageMonth month) => "/credits/statement" + new StatementFilter(month, StatementBasis.Posting).Query;
}

/// <param name="LedgerCredits">By posting instant.</param>
/// <param name="Causes">All possible causes; those that explain the difference are marked.</param>
public sealed record BalanceExplanation(DateTimeOffset ShownAt, long ShownCredits, long LedgerCredits, IReadOnlyList<BalanceCause> Causes)
{
    /// <summary>Negative where ONE shows less than the ledger.</summary>
    public long Difference => ShownCredits - LedgerCredits;

    public long Explained => Causes.Where(cause => cause.Explains).Sum(cause => cause.Credits);

    public long Unexplained => Difference - Explained;

    public string Finding
    {
        get
        {
            if (Difference == 0) return "Agreed.";
            var causes = Causes.Where(cause => cause.Explains).Select(cause => $" {cause.What}: {LedgerLabels.WithSign(cause.Credits)}.");
            var rest = Unexplained == 0 ? "All of it is explained." : $"{Display.Count(Math.Abs(Unexplained), "credit is", "credits are")} unexplained.";
            return $"ONE shows {Display.Count(Math.Abs(Difference), "credit", "credits")} {(Difference > 0 ? "more" : "less")}.{string.Concat(causes)} {rest}";
        }
    }

    /// <summary>Marks the smallest set of causes that leaves the least unexplained. ONE knew a cause entirely or not at all.</summary>
    public static BalanceExplanation Of(DateTimeOffset shownAt, long shownCredits, long ledgerCredits, IReadOnlyList<BalanceCause> causes)
    {
        ArgumentNullException.ThrowIfNull(causes);
        var difference = shownCredits - ledgerCredits;
        var sets = Enumerable.Range(0, 1 << causes.Count).Select(set => causes.Select((cause, place) => cause with { Explains = (set & (1 << place)) != 0 }).ToList());
        var best = sets.OrderBy(set => Math.Abs(difference - set.Where(cause => cause.Explains).Sum(cause => cause.Credits))).ThenBy(set => set.Count(cause => cause.Explains)).First();
        return new BalanceExplanation(shownAt, shownCredits, ledgerCredits, best);
    }
}

/// <param name="Credits">What the cause adds to ONE's figure compared with the ledger.</param>
public sealed record BalanceCause(string What, long Credits, string Link)
{
    public bool Explains { get; init; }
}

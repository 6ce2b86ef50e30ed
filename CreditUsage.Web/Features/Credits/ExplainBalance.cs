using CreditUsage.Core;
using CreditUsage.Core.Ledger;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

/// <summary>Holds the figure that ONE showed against the ledger, and looks for what could make the difference.</summary>
public sealed class ExplainBalance(CreditUsageDb db, CreditBalance balance, TimeProvider clock)
{
    /// <param name="shownAt">When ONE showed it; not in the future.</param>
    public async Task<BalanceExplanation> RunAsync(DateTimeOffset shownAt, long shownCredits, CancellationToken cancellation)
    {
        var agreed = await AgreedAsync(shownAt, cancellation);
        var causes = new[]
        {
            await PostedAtMidnightAsync(shownAt, cancellation), await NotChargedAsync(shownAt, cancellation), await RecordedAfterAsync(shownAt, cancellation),
            await LateAsync(shownAt, cancellation), await UsageCorrectionsAsync(agreed, shownAt, cancellation), await EntryCorrectionsAsync(agreed, shownAt, cancellation),
        };
        return BalanceExplanation.Of(shownAt, shownCredits, await balance.AvailableAsync(shownAt, cancellation), [.. causes.Where(cause => cause.Credits != 0)]);
    }

    /// <summary>ONE deducts the top-ups of the day just gone shortly after 00:00 GMT; here they fall at 00:00 itself.</summary>
    private async Task<BalanceCause> PostedAtMidnightAsync(DateTimeOffset shownAt, CancellationToken cancellation)
    {
        var (midnight, dayGone) = (Midnight(shownAt), DayOf(shownAt).AddDays(-1));
        var credits = await Usage(UsageMonth.Of(shownAt)).Where(usage => usage.Kind == UsageKind.DailyTopUp && usage.Correction == null && usage.ServiceDate == dayGone && usage.PostedAt == midnight)
            .SumAsync(usage => (long)usage.Credits, cancellation);
        return new($"Daily top-ups of {Display.Day(dayGone)}, which ONE may not have deducted yet", credits, MonthAddress.Report(UsageMonth.Of(dayGone)));
    }

    /// <summary>Top-ups of the day just gone that a schedule asks for and that are not recorded here.</summary>
    private async Task<BalanceCause> NotChargedAsync(DateTimeOffset shownAt, CancellationToken cancellation)
    {
        var dayGone = DayOf(shownAt).AddDays(-1);
        var missing = await MissingTopUps.FindAsync(db, dayGone, dayGone, cancellation);
        return new($"Daily top-ups of {Display.Day(dayGone)} that are not recorded here yet", -missing.Count * CreditRule.CreditsPerTopUp, "/schedules");
    }

    /// <summary>What came in here afterwards although it was before: ONE may have learnt of it afterwards too.</summary>
    private async Task<BalanceCause> RecordedAfterAsync(DateTimeOffset shownAt, CancellationToken cancellation)
    {
        var credits = await (from usage in Usage(UsageMonth.Of(shownAt))
                             where usage.PostedAt <= shownAt && usage.Correction == null
                             join intake in db.UsageIntakes on usage.IntakeId equals intake.Id
                             where intake.RecordedAt > shownAt
                             select (long)usage.Credits).SumAsync(cancellation);
        return new("Events from before that moment that were recorded after it", credits, MonthAddress.Report(UsageMonth.Of(shownAt)));
    }

    /// <summary>What was before that moment and fell after it, since its month was closed when it came in.</summary>
    private async Task<BalanceCause> LateAsync(DateTimeOffset shownAt, CancellationToken cancellation)
    {
        var dayGone = DayOf(shownAt).AddDays(-1);
        var late = db.UsageEvents.AsNoTracking().Where(usage => usage.PostedAt > shownAt && usage.Correction == null
            && (usage.Kind == UsageKind.ConnectedSession ? usage.OccurredAt <= shownAt : usage.ServiceDate <= dayGone));
        var used = await late.SumAsync(usage => (long)usage.Credits, cancellation);
        var entered = await db.LedgerEntries.Where(entry => entry.PostedAt > shownAt && entry.Kind != LedgerEntryKind.Correction && entry.ServiceDate <= dayGone).SumAsync(entry => (long)entry.Credits, cancellation);
        return new("Events and entries that came in after their month was closed, and so fell after that moment", entered - used, StatementLink(UsageMonth.Of(clock.GetUtcNow())));
    }

    private async Task<BalanceCause> UsageCorrectionsAsync(DateTimeOffset since, DateTimeOffset shownAt, CancellationToken cancellation)
    {
        var credits = await Usage(UsageMonth.Of(shownAt)).Where(usage => usage.Correction != null && usage.PostedAt > since && usage.PostedAt <= shownAt).SumAsync(usage => (long)usage.Credits, cancellation);
        return new("Corrections of usage made here that ONE may not know", credits, StatementLink(UsageMonth.Of(shownAt)));
    }

    private async Task<BalanceCause> EntryCorrectionsAsync(DateTimeOffset since, DateTimeOffset shownAt, CancellationToken cancellation)
    {
        var credits = await db.LedgerEntries.Where(entry => entry.Kind == LedgerEntryKind.Correction && entry.PostedAt > since && entry.PostedAt <= shownAt).SumAsync(entry => (long)entry.Credits, cancellation);
        return new("Entries taken back here that ONE may not know", -credits, "/credits");
    }

    /// <summary>When both agreed the last time before a moment: what was corrected until then ONE knows.</summary>
    private async Task<DateTimeOffset> AgreedAsync(DateTimeOffset before, CancellationToken cancellation) =>
        await db.BalanceProofs.Where(proof => proof.ShownAt < before && proof.ShownCredits == proof.LedgerCredits).MaxAsync(proof => (DateTimeOffset?)proof.ShownAt, cancellation) ?? DateTimeOffset.UnixEpoch;

    /// <summary>Nothing is posted before the month whose report shows it.</summary>
    private IQueryable<UsageEvent> Usage(UsageMonth upTo) => db.UsageEvents.AsNoTracking().Where(usage => usage.ReportMonth <= upTo);

    private static DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(instant.UtcDateTime);

    private static DateTimeOffset Midnight(DateTimeOffset instant) => new(DayOf(instant), TimeOnly.MinValue, TimeSpan.Zero);

    private static string StatementLink(UsageMonth month) => "/credits/statement" + new StatementFilter(month, StatementBasis.Posting).Query;
}

using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Integrity;

/// <summary>Recomputes sums in the database: the events of each intake, the cost of each event, and the credits before and after each closed month.</summary>
public sealed class VerifySums(CreditUsageDb db)
{
    /// <summary>The first that does not hold; null where all do.</summary>
    /// <param name="closings">Every version of every month.</param>
    public async Task<string?> FirstWrongAsync(IReadOnlyList<MonthClosing> closings, CancellationToken cancellation) =>
        await WrongIntakeAsync(cancellation) ?? await WrongCostAsync(cancellation) ?? await WrongBalanceAsync([.. closings.Where(closing => closing.ReopenedAt is null)], cancellation);

    private async Task<string?> WrongIntakeAsync(CancellationToken cancellation)
    {
        var stored = await db.UsageEvents.GroupBy(usage => usage.IntakeId).Select(intake => new { intake.Key, Events = intake.Count() }).ToDictionaryAsync(intake => intake.Key, intake => intake.Events, cancellation);
        var intakes = await db.UsageIntakes.AsNoTracking().Where(intake => intake.Source != UsageSource.Unknown).OrderBy(intake => intake.Id).Select(intake => new { intake.Id, intake.Accepted }).ToListAsync(cancellation);
        var wrong = intakes.Find(intake => stored.GetValueOrDefault(intake.Id) != intake.Accepted);
        return wrong is null ? null : $"intake {wrong.Id} brought {wrong.Accepted} events, and {stored.GetValueOrDefault(wrong.Id)} are stored.";
    }

    /// <summary>Of events that were priced here (domain.md rule 4); a correction's cost is a difference, and a stated cost is kept.</summary>
    private async Task<string?> WrongCostAsync(CancellationToken cancellation)
    {
        var wrong = await db.UsageEvents.Where(usage => usage.UnitPriceMicros != null && usage.Correction == null
                && usage.CostPence != ((usage.Credits * usage.UnitPriceMicros) + (CreditPrice.MicrosPerPenny / 2)) / CreditPrice.MicrosPerPenny)
            .OrderBy(usage => usage.Id).Select(usage => usage.EventId).FirstOrDefaultAsync(cancellation);
        return wrong is null ? null : $"event {wrong}: its cost is not its credits at its price.";
    }

    private async Task<string?> WrongBalanceAsync(IReadOnlyList<MonthClosing> closings, CancellationToken cancellation)
    {
        if (closings.Count == 0) return null;
        var entered = await db.LedgerEntries.GroupBy(entry => entry.ReportMonth).Select(month => new { month.Key, Credits = month.Sum(entry => (long)entry.Credits) }).ToListAsync(cancellation);
        var used = await db.UsageEvents.GroupBy(usage => usage.ReportMonth).Select(month => new { month.Key, Credits = month.Sum(usage => (long)usage.Credits) }).ToListAsync(cancellation);
        var moved = entered.Concat(used.Select(month => new { month.Key, Credits = -month.Credits })).ToList();
        foreach (var closing in closings)
        {
            var (before, after) = (moved.Where(month => month.Key < closing.Month).Sum(month => month.Credits), moved.Where(month => month.Key <= closing.Month).Sum(month => month.Credits));
            if ((closing.OpeningCredits, closing.ClosingCredits) != (before, after))
                return $"{closing.Month.Name}, version {closing.Version}: {closing.OpeningCredits} credits before it and {closing.ClosingCredits} after it were kept, and the ledger comes to {before} and {after}.";
        }
        return null;
    }
}

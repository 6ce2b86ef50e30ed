using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Corrections;

/// <summary>An event with its corrections, and what it comes to after them.</summary>
/// <param name="Corrections">In the order they were made.</param>
public sealed record StandingUsage(UsageEvent Original, IReadOnlyList<UsageEvent> Corrections)
{
    public UsageFigures Current => Corrections.Aggregate(Figures(Original), (sum, correction) => sum + Figures(correction));

    public bool IsReversed => Corrections.Any(correction => correction.Correction == CorrectionKind.Reversal);

    /// <summary>Null where there is no such event, or it is a correction itself.</summary>
    public static async Task<StandingUsage?> FindAsync(CreditUsageDb db, string eventId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var original = await db.UsageEvents.AsNoTracking().SingleOrDefaultAsync(usage => usage.EventId == eventId && usage.Correction == null, cancellation);
        if (original is null) return null;
        return new(original, await db.UsageEvents.AsNoTracking().Where(usage => usage.CorrectsId == original.Id).OrderBy(usage => usage.Id).ToListAsync(cancellation));
    }

    private static UsageFigures Figures(UsageEvent usage) => new(usage.DurationMinutes ?? 0, usage.Credits, usage.CostPence);
}

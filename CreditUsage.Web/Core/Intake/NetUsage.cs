using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Intake;

/// <summary>An event and what its corrections have made of it.</summary>
/// <param name="Corrections">In the order they were made.</param>
public sealed record NetUsage(UsageEvent Original, IReadOnlyList<UsageEvent> Corrections)
{
    public UsageFigures Current => Corrections.Aggregate(Figures(Original), (sum, correction) => sum + Figures(correction));

    public bool IsReversed => Corrections.Any(correction => correction.Correction == CorrectionKind.Reversal);

    /// <summary>Null where there is no such event, or where it is a correction itself.</summary>
    public static async Task<NetUsage?> FindAsync(CreditUsageDb db, string eventId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var original = await db.UsageEvents.AsNoTracking().SingleOrDefaultAsync(usage => usage.EventId == eventId && usage.Correction == null, cancellation);
        if (original is null) return null;
        return new(original, await db.UsageEvents.AsNoTracking().Where(usage => usage.CorrectsId == original.Id).OrderBy(usage => usage.Id).ToListAsync(cancellation));
    }

    private static UsageFigures Figures(UsageEvent usage) => new(usage.DurationMinutes ?? 0, usage.Credits, usage.CostPence);
}

/// <param name="Minutes">0 for a top-up.</param>
/// <param name="CostPence">Null where the money is withheld.</param>
public readonly record struct UsageFigures(int Minutes, int Credits, long? CostPence)
{
    public static UsageFigures Nothing => new(0, 0, 0);

    public static UsageFigures operator +(UsageFigures left, UsageFigures right) => new(left.Minutes + right.Minutes, left.Credits + right.Credits, left.CostPence + right.CostPence);

    public static UsageFigures operator -(UsageFigures left, UsageFigures right) => left + -right;

    public static UsageFigures operator -(UsageFigures figures) => new(-figures.Minutes, -figures.Credits, -figures.CostPence);
}

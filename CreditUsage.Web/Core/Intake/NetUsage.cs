using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Intake;

/// <summary>An event and what its corrections have made of it.</summary>
/// <param name="Corrections">In the order they were made.</param>
public sealed record NetUsage(UsageEvent Original, IReadOnlyList<UsageEvent> Corrections)
{
    public UsageFigures Current => Corrections.Aggregate(Figures(Original), (sum, correction) => sum + Figures(correction));

    /// <summary>At which it is priced now, in millionths of a pound; null where it stated its own cost, or has none.</summary>
    public long? UnitPriceMicros => (Corrections.Count > 0 ? Corrections[^1] : Original).UnitPriceMicros;

    /// <summary>Whether its cost is its credits at its price; not where somebody has corrected the cost, or the event states its own.</summary>
    public bool IsPriced => UnitPriceMicros is { } micros && new CreditPrice { ValidFrom = Original.ServiceDate, PriceMicros = micros }.CostPence(Current.Credits) == Current.CostPence;

    public bool IsReversed => Corrections.Any(correction => correction.Correction == CorrectionKind.Reversal);

    /// <summary>Null where there is no such event, or where it is a correction itself.</summary>
    public static async Task<NetUsage?> FindAsync(CreditUsageDb db, string eventId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var original = await db.UsageEvents.AsNoTracking().SingleOrDefaultAsync(usage => usage.EventId == eventId && usage.Correction == null, cancellation);
        if (original is null) return null;
        return new(original, await db.UsageEvents.AsNoTracking().Where(usage => usage.CorrectsId == original.Id).OrderBy(usage => usage.Id).ToListAsync(cancellation));
    }

    /// <summary>The same for several events.</summary>
    public static async Task<IReadOnlyList<NetUsage>> OfAsync(CreditUsageDb db, IReadOnlyList<UsageEvent> originals, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var ids = originals.Select(original => (long?)original.Id).ToList();
        var corrections = (await db.UsageEvents.AsNoTracking().Where(usage => ids.Contains(usage.CorrectsId)).OrderBy(usage => usage.Id).ToListAsync(cancellation)).ToLookup(correction => correction.CorrectsId);
        return [.. originals.Select(original => new NetUsage(original, [.. corrections[original.Id]]))];
    }

    /// <summary>A signed row that changes the event by <paramref name="changed"/>.</summary>
    /// <param name="month">Whose report shows it.</param>
    public UsageEvent Correction(CorrectionKind kind, UsageFigures changed, UsageIntake intake, UsageMonth month, string reason) =>
        Row("correction", intake, month, changed, new(Original.StaffMemberId, Original.ClientId, Original.ProgramId), UnitPriceMicros, kind, reason);

    /// <summary>The same at another price.</summary>
    public UsageEvent Correction(long priceMicros, UsageFigures changed, UsageIntake intake, UsageMonth month, string reason) =>
        Row("correction", intake, month, changed, new(Original.StaffMemberId, Original.ClientId, Original.ProgramId), priceMicros, CorrectionKind.Adjustment, reason);

    /// <summary>What is left of the event, recorded again; a cost that was set by hand becomes one that the event states. A top-up takes the next turn of its device and day.</summary>
    /// <param name="dayTurn">Higher than any of the device and day; 0 for a session.</param>
    public UsageEvent Again(RecordedNames names, UsageIntake intake, UsageMonth month, string reason, int dayTurn) =>
        Row("again", intake, month, Current, names, IsPriced ? UnitPriceMicros : null, null, reason, dayTurn);

    private UsageEvent Row(string what, UsageIntake intake, UsageMonth month, UsageFigures figures, RecordedNames names, long? priceMicros, CorrectionKind? kind, string reason, int dayTurn = 0)
    {
        ArgumentNullException.ThrowIfNull(intake);
        return new()
        {
            SubscriptionId = Original.SubscriptionId,
            EventId = $"{what}-{Guid.CreateVersion7(intake.RecordedAt):N}",
            Kind = Original.Kind,
            ServiceDate = Original.ServiceDate,
            OccurredAt = Original.OccurredAt,
            ReportMonth = month,
            PostedAt = intake.RecordedAt,
            IntakeId = intake.Id,
            StaffMemberId = names.Staff,
            ClientId = names.Client,
            ProgramId = names.Program,
            TopUpDeviceId = Original.TopUpDeviceId,
            DeviceNumber = kind is null ? Original.DeviceNumber : null,
            DayTurn = dayTurn,
            DurationMinutes = Original.DurationMinutes is null ? null : figures.Minutes,
            Credits = figures.Credits,
            UnitPriceMicros = priceMicros,
            CostPence = figures.CostPence,
            Correction = kind,
            CorrectsId = kind is null ? null : Original.Id,
            Reason = reason,
        };
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

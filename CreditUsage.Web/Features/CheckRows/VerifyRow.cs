using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.CheckRows;

/// <summary>Recomputes one row from its minutes and the price list (domain.md rules 3 and 4), in integers.</summary>
/// <param name="repriced">The days whose price was put right later.</param>
/// <param name="corrected">By event id, after all corrections.</param>
internal sealed class VerifyRow(IReadOnlyList<CreditPrice> prices, IReadOnlyList<Repricing> repriced, IReadOnlyDictionary<string, CorrectedFigures> corrected)
{
    private (DateOnly Day, CreditPrice? Price) _priced;

    public RowVerdict Of(UsageRow row)
    {
        if (row.Correction is { } correction) return OfCorrection(row, correction);
        if (row is { Kind: UsageKind.ConnectedSession, DurationMinutes: null or < 0 }) return new("This session has no minutes.");
        if (row.Credits < 0) return new("Its credits are below zero.");
        var due = row.Kind == UsageKind.ConnectedSession ? CreditRule.ForSession(row.DurationMinutes!.Value) : CreditRule.CreditsPerTopUp;
        var stated = row.Credits == due ? null
            : $"The import set {Display.Count(row.Credits, "credit", "credits")}; {(row.Kind == UsageKind.ConnectedSession ? $"{row.Duration} come to" : "a day comes to")} {Display.Number(due)}.";
        var cost = row.UnitPriceMicros is { } micros ? OfPriced(row, micros) : OfStated(row);
        return cost with { Stated = stated is null ? cost.Stated : cost.Stated is null ? stated : $"{stated} {cost.Stated}" };
    }

    private RowVerdict OfPriced(UsageRow row, long micros)
    {
        if (PriceOn(row.ServiceDate) is not { } price) return new($"It was priced at {Price(micros)}, but that day has no price.");
        if (price.PriceMicros != micros) return repriced.Any(one => one.Covers(row.ServiceDate)) ? OfRepriced(row, micros, price) : new($"It was priced at {Price(micros)}, but that day's price is {Price(price.PriceMicros)}.");
        var due = price.CostPence(row.Credits);
        return row.CostPence == due ? RowVerdict.Agrees
            : new($"It costs {Display.Pounds(row.CostPence)}, but {Display.Count(row.Credits, "credit", "credits")} at {Price(micros)} come to {Display.Pounds(due)}.");
    }

    /// <summary>It keeps the price that it had; what was wrong with that is in its corrections, unless somebody had corrected its cost before.</summary>
    private RowVerdict OfRepriced(UsageRow row, long micros, CreditPrice price)
    {
        var had = new CreditPrice { ValidFrom = row.ServiceDate, PriceMicros = micros }.CostPence(row.Credits);
        if (row.CostPence != had) return new($"It costs {Display.Pounds(row.CostPence)}, but {Display.Count(row.Credits, "credit", "credits")} at {Price(micros)} come to {Display.Pounds(had)}.");
        return corrected.ContainsKey(row.EventId) || had == price.CostPence(row.Credits) ? RowVerdict.Agrees
            : new($"That day was repriced at {Price(price.PriceMicros)}, but this event, priced at {Price(micros)}, has no correction.");
    }

    private RowVerdict OfStated(UsageRow row)
    {
        var price = PriceOn(row.ServiceDate);
        if (row.CostPence is not { } cost)
            return price is null ? new() { Withheld = true } : new($"It has no cost, but that day's price is {Price(price.PriceMicros)}.");
        var due = price?.CostPence(row.Credits);
        var stated = due is null || due == cost ? null
            : $"The import set {Display.Pounds(cost)}; {Display.Count(row.Credits, "credit", "credits")} at {Price(price!.PriceMicros)} come to {Display.Pounds(due)}.";
        return new(Stated: stated) { StatedCost = true, Incomparable = due is null };
    }

    /// <summary>A reversal leaves nothing; an adjustment never takes more than there was.</summary>
    private RowVerdict OfCorrection(UsageRow row, UsageCorrection correction)
    {
        var reversal = correction.Kind == CorrectionKind.Reversal;
        if (reversal && (row.DurationMinutes > 0 || row.Credits > 0 || row.CostPence > 0)) return new("This reversal adds to its event: its sign is wrong.");
        if (!corrected.TryGetValue(correction.EventId, out var left)) return new("The event it corrects is missing.");
        if (left.Minutes < 0 || left.Credits < 0 || left.CostPence < 0) return new("It takes off more than the event had.");
        if (reversal && left != CorrectedFigures.Nothing) return new("This reversal leaves part of its event.");
        return RowVerdict.Agrees;
    }

    private CreditPrice? PriceOn(DateOnly day)
    {
        if (_priced.Day != day) _priced = (day, CreditPrice.On(prices, day));
        return _priced.Price;
    }

    private static string Price(long micros) => string.Create(Display.British, $"£{micros / (decimal)CreditPrice.MicrosPerPound:#,##0.00####}");
}

/// <param name="Wrong">Why the row does not agree; null where it does.</param>
/// <param name="Stated">What the row states and keeps although the computed figure differs; null where it does not.</param>
internal sealed record RowVerdict(string? Wrong = null, string? Stated = null)
{
    public static readonly RowVerdict Agrees = new();

    public bool StatedCost { get; init; }

    public bool Incomparable { get; init; }

    public bool Withheld { get; init; }
}

public sealed record VerifiedRow(UsageRow Row, string Why);

internal sealed record CorrectedFigures(long Minutes, long Credits, long CostPence)
{
    public static readonly CorrectedFigures Nothing = new(0, 0, 0);

    /// <summary>Reads the events that a month's corrections point at, by id, in one command.</summary>
    public static async Task<IReadOnlyDictionary<string, CorrectedFigures>> OfMonthAsync(CreditUsageDb db, UsageMonth month, CancellationToken cancellation)
    {
        var pointedAt = db.UsageEvents.Where(correction => correction.ReportMonth == month && correction.CorrectsId != null).Select(correction => correction.CorrectsId);
        return await db.UsageEvents.Where(original => pointedAt.Contains(original.Id)).Select(original => new
        {
            original.EventId,
            Figures = new CorrectedFigures(
                (original.DurationMinutes ?? 0) + db.UsageEvents.Where(correction => correction.CorrectsId == original.Id).Sum(correction => (long)(correction.DurationMinutes ?? 0)),
                original.Credits + db.UsageEvents.Where(correction => correction.CorrectsId == original.Id).Sum(correction => (long)correction.Credits),
                (original.CostPence ?? 0) + db.UsageEvents.Where(correction => correction.CorrectsId == original.Id).Sum(correction => correction.CostPence ?? 0)),
        }).ToDictionaryAsync(found => found.EventId, found => found.Figures, cancellation);
    }
}

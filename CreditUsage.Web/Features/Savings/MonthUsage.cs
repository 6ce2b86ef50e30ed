using CreditUsage.Core.Report;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.Savings;

/// <param name="LastDay">The month's last day, or today within it.</param>
internal sealed record MonthUsage(UsageMonth Month, IReadOnlyList<UsageRow> Rows, NameDictionary Names, DateOnly LastDay)
{
    /// <summary>With the corrections that the month shows; without reversed sessions.</summary>
    public IReadOnlyList<CorrectedSession> Sessions { get; } = Corrected(Rows);

    public IEnumerable<UsageRow> TopUps => Rows.Where(row => row.Kind == UsageKind.DailyTopUp);

    /// <summary>The client's own id; null for none.</summary>
    public string? ClientOf(int? clientId) => Names.Of(NameKind.Client, clientId)?.Owner;

    private static List<CorrectedSession> Corrected(IReadOnlyList<UsageRow> rows)
    {
        var corrections = rows.Where(row => row.Correction is not null).ToLookup(row => row.Correction!.EventId, StringComparer.Ordinal);
        return rows.Where(row => row is { Kind: UsageKind.ConnectedSession, Correction: null } && !corrections[row.EventId].Any(correction => correction.Correction!.Kind == CorrectionKind.Reversal))
            .Select(row => corrections[row.EventId].Aggregate(
                new CorrectedSession(row, row.DurationMinutes ?? 0, row.CostPence),
                (corrected, correction) => corrected with { Minutes = corrected.Minutes + (correction.DurationMinutes ?? 0), CostPence = corrected.CostPence + correction.CostPence }))
            .ToList();
    }
}

/// <param name="CostPence">Null where no price is valid.</param>
internal sealed record CorrectedSession(UsageRow Row, int Minutes, long? CostPence)
{
    public DateTimeOffset Ends => Row.OccurredAt.AddMinutes(Minutes);

    public int PaidMinutes => CreditRule.ForSession(Minutes) * CreditRule.MinutesPerCredit;

    public int UnusedMinutes => PaidMinutes - Minutes;

    /// <summary>The unused part of the cost, rounded once to whole pence, half away from zero.</summary>
    public long? UnusedPence => CostPence is { } pence ? Rounded(pence * UnusedMinutes, PaidMinutes) : null;

    private static long Rounded(long numerator, long denominator) => ((2 * Math.Abs(numerator)) + denominator) / (2 * denominator) * Math.Sign(numerator);
}

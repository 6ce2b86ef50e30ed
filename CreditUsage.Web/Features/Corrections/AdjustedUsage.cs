using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;

namespace CreditUsage.Features.Corrections;

/// <summary>
/// What an event should come to. What is left empty stays as it stands after earlier corrections, unless it follows from what was
/// typed: credits from minutes, cost from credits (domain.md rules 3 and 4).
/// </summary>
/// <param name="Minutes">Of a session; a top-up has none.</param>
public sealed record AdjustedUsage(int? Minutes, int? Credits, long? CostPence)
{
    /// <exception cref="UserFacingException">There is no price to work the cost out from.</exception>
    public UsageFigures Of(StandingUsage standing)
    {
        ArgumentNullException.ThrowIfNull(standing);
        var (original, current) = (standing.Original, standing.Current);
        if (current.CostPence is null) throw new UserFacingException("The event has no cost yet, since no credit price is valid on its day. Set the price first, then correct the event.");
        var typed = original.Kind == UsageKind.ConnectedSession ? Minutes : null;
        var credits = Credits ?? (typed is { } minutes ? CreditRule.ForSession(minutes) : current.Credits);
        return new(typed ?? current.Minutes, credits, CostPence ?? (credits == current.Credits ? current.CostPence : CostOf(original, credits)));
    }

    private static long CostOf(UsageEvent original, int credits) => original.UnitPriceMicros is { } micros
        ? new CreditPrice { ValidFrom = original.ServiceDate, PriceMicros = micros }.CostPence(credits)
        : throw new UserFacingException("The event came with its own cost, so the new one cannot be worked out. Type the cost.");
}

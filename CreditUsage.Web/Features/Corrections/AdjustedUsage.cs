using CreditUsage.Domain;
using CreditUsage.Platform;

namespace CreditUsage.Features.Corrections;

/// <summary>What an event should come to. What is left empty follows from the rest: credits from the minutes, cost from the credits (domain.md rules 3 and 4).</summary>
/// <param name="Minutes">Of a session; null keeps those of the event.</param>
public sealed record AdjustedUsage(int? Minutes, int? Credits, long? CostPence)
{
    /// <exception cref="UserFacingException">There is no price to work the cost out from.</exception>
    public UsageFigures Of(UsageEvent original)
    {
        ArgumentNullException.ThrowIfNull(original);
        if (original.CostPence is null) throw new UserFacingException("The event has no cost yet, since no credit price is valid on its day. Set the price first, then correct the event.");
        var session = original.Kind == UsageKind.ConnectedSession;
        var minutes = session ? Minutes ?? original.DurationMinutes ?? 0 : 0;
        var credits = Credits ?? (session ? CreditRule.ForSession(minutes) : CreditRule.CreditsPerTopUp);
        return new(minutes, credits, CostPence ?? CostOf(original, credits));
    }

    private static long CostOf(UsageEvent original, int credits) => original.UnitPriceMicros is { } micros
        ? new CreditPrice { ValidFrom = original.ServiceDate, PriceMicros = micros }.CostPence(credits)
        : throw new UserFacingException("The event came with its own cost, so the new one cannot be worked out. Type the cost.");
}



namespace CreditUsage.Domain.Credits;

public sealed class CreditPrice : IOwnedBySubscription
{
    public const long MicrosPerPound = 1_000_000;
    public const long MicrosPerPenny = MicrosPerPound / 100;

    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required DateOnly ValidFrom { get; init; }

    /// <summary>Millionths of a pound, so that a price may have fractions of a penny.</summary>
    public required long PriceMicros { get; init; }

    /// <summary>Credits times price, rounded once to whole pence, half away from zero (domain.md rule 4).</summary>
    /// <exception cref="OverflowException">The product does not fit 64 bits.</exception>
    public long CostPence(int credits)
    {
        var micros = checked(credits * PriceMicros);
        var half = micros < 0 ? -MicrosPerPenny / 2 : MicrosPerPenny / 2;
        return checked(micros + half) / MicrosPerPenny;
    }

    public static CreditPrice? On(IEnumerable<CreditPrice> prices, DateOnly day) =>
        prices.Where(price => price.ValidFrom <= day).MaxBy(price => price.ValidFrom);
}

/// <summary>How many credits an event costs when it does not state them (domain.md rule 3).</summary>
public static class CreditRule
{
    public const int MinutesPerCredit = 5;
    public const int CreditsPerTopUp = 1;

    /// <summary>One credit for every five minutes begun, at least one.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minutes"/> is negative.</exception>
    public static int ForSession(int minutes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minutes);
        return Math.Max(1, (minutes + MinutesPerCredit - 1) / MinutesPerCredit);
    }
}

namespace CreditUsage.Domain.Credits;

/// <summary>How many credits an event costs when it does not state them (domain.md rule 3).</summary>
public static class CreditRule
{
    public const int MinutesPerCredit = 5;
    public const int CreditsPerTopUp = 1;

    /// <summary>One credit for every five minutes begun, at least one.</summary>
    /// <param name="minutes">0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minutes"/> is negative.</exception>
    public static int ForSession(int minutes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minutes);
        return Math.Max(1, (minutes + MinutesPerCredit - 1) / MinutesPerCredit);
    }
}

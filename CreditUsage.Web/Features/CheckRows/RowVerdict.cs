namespace CreditUsage.Features.CheckRows;

/// <summary>What came of recomputing one row.</summary>
/// <param name="Wrong">Why it does not agree; null where it does.</param>
/// <param name="Kept">What it states and keeps though it comes to something else; null where it does not.</param>
internal sealed record RowVerdict(string? Wrong = null, string? Kept = null)
{
    public static readonly RowVerdict Agrees = new();

    public bool StatedCost { get; init; }

    public bool Incomparable { get; init; }

    public bool Withheld { get; init; }
}

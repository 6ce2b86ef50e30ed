using CreditUsage.Core;

namespace CreditUsage.Features.Credits;

/// <summary>Why ONE may show another figure than the ledger.</summary>
/// <param name="LedgerCredits">Credits by the ledger at that moment, by posting instant.</param>
/// <param name="Causes">What there is that could make a difference; those that do are marked.</param>
public sealed record BalanceExplanation(DateTimeOffset ShownAt, long ShownCredits, long LedgerCredits, IReadOnlyList<BalanceCause> Causes)
{
    /// <summary>What ONE shows beyond the ledger; negative where it shows less.</summary>
    public long Difference => ShownCredits - LedgerCredits;

    public long Explained => Causes.Where(cause => cause.Explains).Sum(cause => cause.Credits);

    public long Unexplained => Difference - Explained;

    /// <summary>What the page says, to be kept.</summary>
    public string Finding
    {
        get
        {
            if (Difference == 0) return "Agreed.";
            var causes = Causes.Where(cause => cause.Explains).Select(cause => $" {cause.What}: {LedgerWords.WithSign(cause.Credits)}.");
            var rest = Unexplained == 0 ? "Nothing stays unexplained." : $"{Display.Count(Math.Abs(Unexplained), "credit stays", "credits stay")} unexplained.";
            return $"ONE shows {Display.Count(Math.Abs(Difference), "credit", "credits")} {(Difference > 0 ? "more" : "less")}.{string.Concat(causes)} {rest}";
        }
    }

    /// <summary>
    /// Marks the causes that explain the most: those that leave the least unexplained, and of several such sets the smallest. A cause
    /// is whole: ONE either knew all of it at that moment or nothing.
    /// </summary>
    public static BalanceExplanation Of(DateTimeOffset shownAt, long shownCredits, long ledgerCredits, IReadOnlyList<BalanceCause> causes)
    {
        ArgumentNullException.ThrowIfNull(causes);
        var difference = shownCredits - ledgerCredits;
        var sets = Enumerable.Range(0, 1 << causes.Count).Select(set => causes.Select((cause, place) => cause with { Explains = (set & (1 << place)) != 0 }).ToList());
        var best = sets.OrderBy(set => Math.Abs(difference - set.Where(cause => cause.Explains).Sum(cause => cause.Credits))).ThenBy(set => set.Count(cause => cause.Explains)).First();
        return new BalanceExplanation(shownAt, shownCredits, ledgerCredits, best);
    }
}

/// <summary>Something that ONE may have counted otherwise at that moment.</summary>
/// <param name="What">In words.</param>
/// <param name="Credits">By how much ONE's figure is then above the ledger's.</param>
/// <param name="Link">Where it can be looked at.</param>
public sealed record BalanceCause(string What, long Credits, string Link)
{
    /// <summary>It is part of what explains the difference.</summary>
    public bool Explains { get; init; }
}

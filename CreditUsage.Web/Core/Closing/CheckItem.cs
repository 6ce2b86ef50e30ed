namespace CreditUsage.Core.Closing;

/// <summary>One line of the checklist before closing.</summary>
/// <param name="Title">What is looked at.</param>
/// <param name="Finding">What was found, and what to do where something is missing: sentences.</param>
/// <param name="Link">Where it can be put right; null where nowhere in particular.</param>
public sealed record CheckItem(string Title, CheckOutcome Outcome, string Finding, string? Link = null);

/// <summary>What a look at the checklist came to.</summary>
public enum CheckOutcome
{
    Met,

    /// <summary>Should be put right, or explained in a note.</summary>
    Advised,

    /// <summary>Must be put right: the month cannot be closed.</summary>
    Missing,
}

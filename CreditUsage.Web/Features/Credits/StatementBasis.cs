namespace CreditUsage.Features.Credits;

/// <summary>By which of its two dates a movement of credits is in a month (domain.md rule 2).</summary>
public enum StatementBasis
{
    /// <summary>By the day it was for: the top-ups of the 31st are in the month of the 31st, as in the usage report.</summary>
    Service = 1,

    /// <summary>By the instant the balance changed: the top-ups of the 31st fall on the 1st, as ONE deducts them.</summary>
    Posting = 2,
}

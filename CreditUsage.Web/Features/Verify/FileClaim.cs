namespace CreditUsage.Features.Verify;

/// <summary>What a file says of itself, true or not.</summary>
internal enum FileClaim
{
    /// <summary>Nothing of CreditUsage.</summary>
    None,

    /// <summary>That it was made here to be looked at, and not kept.</summary>
    NotKept,

    /// <summary>That it is a report that was kept.</summary>
    Kept,
}

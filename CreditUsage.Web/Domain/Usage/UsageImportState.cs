namespace CreditUsage.Domain.Usage;

/// <summary>How far an import has got.</summary>
public enum UsageImportState
{
    /// <summary>Waiting to be checked, or being checked.</summary>
    Checking = 1,

    /// <summary>Checked; it can be stored where nothing is wrong.</summary>
    Checked = 2,

    /// <summary>Waiting to be stored, or being stored.</summary>
    Storing = 3,

    Stored = 4,

    /// <summary>The file as a whole could not be read.</summary>
    Refused = 5,

    /// <summary>Given up by a person.</summary>
    Discarded = 6,
}

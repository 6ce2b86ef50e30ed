namespace CreditUsage.Features.Verify;

/// <summary>What a file turned out to be.</summary>
public enum Standing
{
    /// <summary>Byte for byte a saved report, and nothing has taken its place.</summary>
    Current,

    /// <summary>Byte for byte a saved report, whose month has another version since.</summary>
    Superseded,

    /// <summary>No saved report has these bytes.</summary>
    Altered,
}

namespace CreditUsage.Domain.Usage;

/// <summary>A file of an import where files are kept in the database, a part at a time, so that none has to fit into memory.</summary>
public sealed class ImportFilePart : IOwnedBySubscription
{
    public int SubscriptionId { get; init; }

    public required Guid ImportId { get; init; }

    public required ImportFileKind Kind { get; init; }

    /// <summary>From 0.</summary>
    public required int Number { get; init; }

    public required byte[] Content { get; init; }
}

public enum ImportFileKind
{
    Upload = 1,

    /// <summary>What is wrong in it, as CSV.</summary>
    Faults = 2,

    /// <summary>Sentences about it, as JSON.</summary>
    Notes = 3,

    /// <summary>What it would record, in money, as JSON.</summary>
    Preview = 4,

    /// <summary>Rows that equal recorded events but for their id, as CSV.</summary>
    Doubles = 5,
}

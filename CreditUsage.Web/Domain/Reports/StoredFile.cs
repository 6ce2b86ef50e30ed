namespace CreditUsage.Domain.Reports;

/// <summary>A saved PDF or the rows of a closed month where files are kept in the database. It goes by its content, which several subscriptions may have, so none owns it.</summary>
public sealed class StoredFile
{
    /// <summary>Lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    public required string Extension { get; init; }

    public required long SizeBytes { get; init; }

    /// <summary>The last time that it was to be stored.</summary>
    public required DateTimeOffset StoredAt { get; init; }
}

/// <summary>A file is read and written a part at a time, so that none has to fit into memory.</summary>
public sealed class StoredFilePart
{
    public required string Sha256 { get; init; }

    public required string Extension { get; init; }

    /// <summary>From 0.</summary>
    public required int Number { get; init; }

    public required byte[] Content { get; init; }
}

namespace CreditUsage.Domain.Usage;

/// <summary>A file of usage: uploaded, checked, and stored or not. Looked at again, never edited.</summary>
public sealed class UsageImport : IOwnedBySubscription
{
    public Guid Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>As the uploader's computer called it; only ever shown.</summary>
    public required string FileName { get; init; }

    /// <summary>Of the file, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    public required long SizeBytes { get; init; }

    public required string UploadedBy { get; init; }

    public required DateTimeOffset UploadedAt { get; init; }

    public required UsageImportState State { get; set; }

    /// <summary>Lines below the column names, as counted before the check.</summary>
    public int Rows { get; set; }

    /// <summary>Of <see cref="Rows"/>, those that were gone through.</summary>
    public int RowsDone { get; set; }

    /// <summary>New events that it holds.</summary>
    public int Accepted { get; set; }

    public int Duplicates { get; set; }

    public int ErrorCount { get; set; }

    /// <summary>Why the file as a whole was refused, or what to do before it can be stored.</summary>
    public string? Problem { get; set; }

    public DateTimeOffset? StoredAt { get; set; }

    public string? StoredBy { get; set; }

    /// <summary>The intake that its events name, once stored.</summary>
    public int? IntakeId { get; set; }
}

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

namespace CreditUsage.Domain.Usage;

/// <summary>A file of usage that was uploaded, checked, and stored or not.</summary>
public sealed class UsageImport : IOwnedBySubscription
{
    public Guid Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>The name on the uploader's computer; for display only.</summary>
    public required string FileName { get; init; }

    /// <summary>Lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    public required long SizeBytes { get; init; }

    public required string UploadedBy { get; init; }

    public required DateTimeOffset UploadedAt { get; init; }

    public required UsageImportState State { get; set; }

    /// <summary>Lines below the column names.</summary>
    public int Rows { get; set; }

    public int RowsDone { get; set; }

    /// <summary>New events in the file.</summary>
    public int Accepted { get; set; }

    public int Duplicates { get; set; }

    public int ErrorCount { get; set; }

    /// <summary>Why the file was refused, or what to do before it can be stored.</summary>
    public string? Problem { get; set; }

    public DateTimeOffset? StoredAt { get; set; }

    public string? StoredBy { get; set; }

    public int? IntakeId { get; set; }
}

public enum UsageImportState
{
    /// <summary>Waiting or being checked.</summary>
    Checking = 1,

    Checked = 2,

    /// <summary>Waiting or being stored.</summary>
    Storing = 3,

    Stored = 4,

    /// <summary>The file could not be read.</summary>
    Refused = 5,

    Discarded = 6,
}

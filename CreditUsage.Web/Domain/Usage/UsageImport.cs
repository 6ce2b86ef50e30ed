namespace CreditUsage.Domain.Usage;

public sealed class UsageImport : IOwnedBySubscription
{
    public Guid Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>The name on the uploader's computer; for display only.</summary>
    public required string FileName { get; init; }

    public required string Sha256 { get; init; }

    public required long SizeBytes { get; init; }

    public required string UploadedBy { get; init; }

    public required DateTimeOffset UploadedAt { get; init; }

    public required UsageImportState State { get; set; }

    public int Rows { get; set; }

    public int RowsDone { get; set; }

    public int Accepted { get; set; }

    public int Duplicates { get; set; }

    public int ErrorCount { get; set; }

    /// <summary>Why the file was refused, or what to do before it can be stored.</summary>
    public string? Problem { get; set; }

    /// <summary>How the file's columns are read; null for those of domain.md.</summary>
    public ColumnMapping? Mapping { get; set; }

    /// <summary>Whether rows are left out that equal recorded events but for their id, as the last check listed them.</summary>
    public bool LeaveOutDoubles { get; set; }

    public DateTimeOffset? StoredAt { get; set; }

    public string? StoredBy { get; set; }

    public int? IntakeId { get; set; }

    /// <summary>The key of the first event that it brought, which has a block of keys with the others; null of an import that was stored before this was kept.</summary>
    public long? FirstEventKey { get; set; }

    public string? ReversedBy { get; set; }

    public string? ReverseReason { get; set; }

    public DateTimeOffset? ReversedAt { get; set; }
}

public enum UsageImportState
{
    Checking = 1,
    Checked = 2,
    Storing = 3,
    Stored = 4,
    Refused = 5,
    Discarded = 6,

    /// <summary>Waits for a person to say which columns are meant.</summary>
    NeedsColumns = 7,

    /// <summary>Its events are being taken back.</summary>
    Reversing = 8,
    Reversed = 9,
}

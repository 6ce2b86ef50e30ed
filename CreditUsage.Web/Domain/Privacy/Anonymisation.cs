using CreditUsage.Domain.Months;

namespace CreditUsage.Domain.Privacy;

/// <summary>A client, or every client of a month that has been kept for long enough, who becomes a code. What stays of it on record names nobody.</summary>
public sealed class Anonymisation : IOwnedBySubscription
{
    public Guid Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>Whose names are to go; null as soon as they have gone, and for a month.</summary>
    public string? ClientId { get; set; }

    /// <summary>Whose clients each become a code; null for one client.</summary>
    public UsageMonth? Month { get; init; }

    /// <summary>What stands for the client's id; null for a month.</summary>
    public string? Code { get; init; }

    /// <summary>Who asked: the clinic's own reference.</summary>
    public required string Reference { get; init; }

    public required string RequestedBy { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public required AnonymisationState State { get; set; }

    /// <summary>Kept files to be made again, and how many of them are.</summary>
    public int Files { get; set; }

    public int FilesDone { get; set; }

    public int Events { get; set; }

    /// <summary>Versions of closed months whose rows were replaced.</summary>
    public int Months { get; set; }

    /// <summary>Saved reports whose PDFs were replaced.</summary>
    public int Reports { get; set; }

    /// <summary>Saved reports whose PDFs were removed, since the same rows are not there any more.</summary>
    public int Withdrawn { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Files of imports that name the client, to be removed: each its import's id, a dot and its kind, divided by spaces. Null once they are.</summary>
    public string? ImportFiles { get; set; }

    /// <summary>When the replaced files, and what the database's own file kept of the names, were removed.</summary>
    public DateTimeOffset? ErasedAt { get; set; }

    /// <summary>Why it failed; nothing has changed then.</summary>
    public string? Problem { get; set; }
}

/// <summary>The numbers are stored: they never change.</summary>
public enum AnonymisationState
{
    Running = 1,
    Done = 2,
    Failed = 3,
}

/// <summary>A kept file that an anonymised edition has replaced: whoever has a copy of the old one can still verify it.</summary>
public sealed class ReplacedFile : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required Guid AnonymisationId { get; init; }

    /// <summary>Null for the rows of a closed month.</summary>
    public Guid? SavedReportId { get; init; }

    public required string Sha256 { get; init; }

    public required string Extension { get; init; }

    /// <summary>Null where the old one was withdrawn.</summary>
    public string? ReplacedBySha256 { get; init; }

    public required DateTimeOffset ReplacedAt { get; init; }
}

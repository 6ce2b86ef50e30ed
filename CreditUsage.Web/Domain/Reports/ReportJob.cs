using CreditUsage.Domain.Months;

namespace CreditUsage.Domain.Reports;

public sealed class ReportJob : IOwnedBySubscription
{
    public Guid Id { get; init; }

    public int SubscriptionId { get; init; }

    public required ReportType Form { get; init; }

    public required UsageMonth Month { get; init; }

    public bool Closes { get; init; }

    /// <summary>The first of several months that are closed one after the other, up to <see cref="Month"/>; null for one alone.</summary>
    public UsageMonth? ClosesFrom { get; init; }

    /// <summary>Why the month is closed with an incomplete checklist; null where it is complete.</summary>
    public string? Note { get; init; }

    /// <summary>The query string of the report's page.</summary>
    public required string Request { get; init; }

    /// <summary>Shared by the jobs of one request; null for a single job.</summary>
    public Guid? BatchId { get; init; }

    public required string RequestedBy { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public required ReportJobState State { get; set; }

    public int Rows { get; set; }

    public int RowsDone { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>How often it was begun; tells one run of it from another.</summary>
    public int Attempts { get; set; }

    /// <summary>How many of them failed by themselves, not with their process.</summary>
    public int Failures { get; set; }

    /// <summary>Until then the worker counts as alive; null while no worker has the job.</summary>
    public DateTimeOffset? LeasedUntil { get; set; }

    public DateTimeOffset? CancelRequestedAt { get; set; }

    public string? Problem { get; set; }

    public Guid? SavedReportId { get; set; }
}

/// <summary>The numbers are stored: they never change.</summary>
public enum ReportJobState
{
    Queued = 1,
    Running = 2,
    Done = 3,
    Failed = 4,
    Cancelled = 5,
}

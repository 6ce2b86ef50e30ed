using CreditUsage.Domain.Months;

namespace CreditUsage.Domain.Reports;

/// <summary>A report that is made in the background: asked for, waiting, being made, and how that ended.</summary>
public sealed class ReportJob : IOwnedBySubscription
{
    public Guid Id { get; init; }

    public int SubscriptionId { get; init; }

    public required ReportType Form { get; init; }

    public required UsageMonth Month { get; init; }

    /// <summary>The month is to be closed, and this is the report of that.</summary>
    public bool Closes { get; init; }

    /// <summary>Of a closing: why, although something advised is missing; null where nothing is.</summary>
    public string? Note { get; init; }

    /// <summary>What was asked for, as the query string of the report's own page.</summary>
    public required string Request { get; init; }

    /// <summary>What was asked for together has this in common; null for a job alone.</summary>
    public Guid? BatchId { get; init; }

    public required string RequestedBy { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public required ReportJobState State { get; set; }

    /// <summary>Rows that it has, as far as is known.</summary>
    public int Rows { get; set; }

    /// <summary>Of <see cref="Rows"/>, those that are on paper.</summary>
    public int RowsDone { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>How often it was begun.</summary>
    public int Attempts { get; set; }

    /// <summary>Until when whoever makes it is believed to be alive; null while nobody does.</summary>
    public DateTimeOffset? LeasedUntil { get; set; }

    public DateTimeOffset? CancelRequestedAt { get; set; }

    /// <summary>Why it failed, in words for the user.</summary>
    public string? Problem { get; set; }

    /// <summary>What became of it, once it is done.</summary>
    public Guid? SavedReportId { get; set; }
}

/// <summary>Where a report that is made in the background stands. The numbers are stored: they never change.</summary>
public enum ReportJobState
{
    Queued = 1,
    Running = 2,
    Done = 3,
    Failed = 4,
    Cancelled = 5,
}

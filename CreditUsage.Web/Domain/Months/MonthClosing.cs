namespace CreditUsage.Domain.Months;

/// <summary>The totals of a closed month, and the hashes of its rows and PDF. Never changed, except by a reopening.</summary>
public sealed class MonthClosing : IOwnedBySubscription
{
    public const string RowsExtension = "json";

    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required UsageMonth Month { get; init; }

    /// <summary>1, and one more after each reopening.</summary>
    public required int Version { get; init; }

    public required DateTimeOffset ClosedAt { get; init; }

    public required string ClosedBy { get; init; }

    /// <summary>Why the month was closed with an incomplete checklist.</summary>
    public string? Note { get; init; }

    /// <summary>Of the rows and totals as JSON, lower-case hexadecimal; also the name of their file in the data folder.</summary>
    public required string RowsSha256 { get; init; }

    public required Guid SavedReportId { get; init; }

    public required string PdfSha256 { get; init; }

    public required int Events { get; init; }

    public required int Corrections { get; init; }

    public required long Credits { get; init; }

    public required long CostPence { get; init; }

    /// <summary>Credits in hand before the month, by service date.</summary>
    public required long OpeningCredits { get; init; }

    public required long ClosingCredits { get; init; }

    public DateTimeOffset? ReopenedAt { get; set; }

    public string? ReopenedBy { get; set; }

    public string? ReopenReason { get; set; }
}

public readonly record struct MonthState(int? ClosedVersion, bool InProgress)
{
    public bool IsClosed => ClosedVersion is not null;

    public string Label => (ClosedVersion, InProgress) switch
    {
        (1, _) => "Closed v1",
        ({ } version, _) => $"Restated v{version}",
        (null, true) => "In progress",
        _ => "Open",
    };
}

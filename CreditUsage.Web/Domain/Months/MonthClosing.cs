namespace CreditUsage.Domain.Months;

/// <summary>A month that was closed: what it added up to, and the hashes of the rows and the PDF that were kept. Only a reopening is ever added to it.</summary>
public sealed class MonthClosing : IOwnedBySubscription
{
    /// <summary>Of the file that holds the rows.</summary>
    public const string RowsExtension = "json";

    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required UsageMonth Month { get; init; }

    /// <summary>1, and one more after each reopening.</summary>
    public required int Version { get; init; }

    public required DateTimeOffset ClosedAt { get; init; }

    public required string ClosedBy { get; init; }

    /// <summary>Why it was closed although something on its checklist was missing.</summary>
    public string? Note { get; init; }

    /// <summary>Of the rows and totals as JSON, lower-case hexadecimal. The file lies under it in the data folder.</summary>
    public required string RowsSha256 { get; init; }

    /// <summary>The PDF, kept among the saved reports.</summary>
    public required Guid SavedReportId { get; init; }

    public required string PdfSha256 { get; init; }

    public required int Events { get; init; }

    public required int Corrections { get; init; }

    public required long Credits { get; init; }

    public required long CostPence { get; init; }

    /// <summary>Credits in hand before the month, by service date.</summary>
    public required long OpeningCredits { get; init; }

    /// <summary>Credits in hand after it: the next month's opening.</summary>
    public required long ClosingCredits { get; init; }

    public DateTimeOffset? ReopenedAt { get; set; }

    public string? ReopenedBy { get; set; }

    public string? ReopenReason { get; set; }
}

/// <summary>Where a month stands on its way from use to books.</summary>
/// <param name="ClosedVersion">The version in force; null while the month is open or has been reopened.</param>
/// <param name="InProgress">The month is not over.</param>
public readonly record struct MonthState(int? ClosedVersion, bool InProgress)
{
    public bool IsClosed => ClosedVersion is not null;

    /// <summary>"Open", "In progress", "Closed v1" or "Restated v2".</summary>
    public string Label => (ClosedVersion, InProgress) switch
    {
        (1, _) => "Closed v1",
        ({ } version, _) => $"Restated v{version}",
        (null, true) => "In progress",
        _ => "Open",
    };
}

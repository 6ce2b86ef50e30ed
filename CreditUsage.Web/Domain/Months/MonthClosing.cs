namespace CreditUsage.Domain.Months;

/// <summary>The totals of a closed month, and the hashes of its rows and PDF. Never changed, except by a reopening and by the note of an earlier name.</summary>
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

    /// <summary>What the clinic was called when the month was closed; null where it is called so still.</summary>
    public string? ClinicName { get; set; }

    public required Guid SavedReportId { get; init; }

    public required string PdfSha256 { get; init; }

    public required int Events { get; init; }

    public required int Corrections { get; init; }

    public required long Credits { get; init; }

    public required long CostPence { get; init; }

    /// <summary>Credits in hand before the month, by service date.</summary>
    public required long OpeningCredits { get; init; }

    public required long ClosingCredits { get; init; }

    /// <summary>When its rows were replaced by an anonymised edition; null where they are those of the closing.</summary>
    public DateTimeOffset? AnonymisedAt { get; init; }

    /// <summary>Of the rows that the edition replaced; null where none was.</summary>
    public string? ReplacesSha256 { get; init; }

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

/// <summary>Months close in order and reopen in reverse order, so an event for a closed month counts in the month after the latest closed one (domain.md rule 8).</summary>
public sealed class ClosedMonths
{
    private readonly Dictionary<UsageMonth, MonthClosing> _closed;

    private ClosedMonths(Dictionary<UsageMonth, MonthClosing> closed) => _closed = closed;

    /// <summary>The closings in force.</summary>
    public IEnumerable<MonthClosing> Closings => _closed.Values;

    public long Credits => Latest is { } latest ? _closed[latest].ClosingCredits : 0;

    public UsageMonth? Latest => _closed.Count == 0 ? null : _closed.Keys.Max();

    public static ClosedMonths Of(IEnumerable<MonthClosing> closings) =>
        new(closings.Where(closing => closing.ReopenedAt is null).ToDictionary(closing => closing.Month));

    /// <summary>Null where none is closed before <paramref name="month"/>. The credits are those in hand after the month found.</summary>
    public (UsageMonth Month, long Credits)? LatestBefore(UsageMonth month)
    {
        var before = _closed.Keys.Where(closed => closed < month).ToList();
        return before.Count == 0 ? null : (before.Max(), _closed[before.Max()].ClosingCredits);
    }

    public bool IsClosed(UsageMonth month) => _closed.ContainsKey(month);

    /// <summary>Null for an open month.</summary>
    public MonthClosing? Find(UsageMonth month) => _closed.GetValueOrDefault(month);

    /// <summary>The month that reports an event dated in <paramref name="month"/> that comes in now (domain.md rule 8).</summary>
    public UsageMonth ReportMonth(UsageMonth month) => Latest is { } latest && month <= latest ? latest.Next : month;

    public MonthState StateOf(UsageMonth month, DateTimeOffset now) =>
        new(_closed.TryGetValue(month, out var closing) ? closing.Version : null, month == UsageMonth.Of(now));
}

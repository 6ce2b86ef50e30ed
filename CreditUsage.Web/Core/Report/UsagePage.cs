namespace CreditUsage.Core.Report;

public sealed record UsagePage(IReadOnlyList<UsageRow> Rows, bool HasMore)
{
    public const int MaxRows = 1000;

    public const int MaxMoreRows = 500;
}

/// <summary>Where the rows on screen begin: at a page from 1, or after an event's row.</summary>
public sealed record UsagePosition(int Page, string? AfterEventId)
{
    public static UsagePosition Start { get; } = new(1, null);

    public int Skipped => (Page - 1) * UsagePage.MaxRows;

    /// <summary>The next rows from here; none where the event is not among them.</summary>
    internal List<UsageRow> Of(List<UsageRow> rows, int take)
    {
        if (AfterEventId is not { } after) return rows.Skip(Skipped).Take(take).ToList();
        var found = rows.FindIndex(row => row.EventId == after);
        return found < 0 ? [] : rows.Skip(found + 1).Take(take).ToList();
    }
}

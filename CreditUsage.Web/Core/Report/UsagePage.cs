namespace CreditUsage.Core.Report;

/// <summary>Some rows of a report, in order, and whether there are more after them.</summary>
public sealed record UsagePage(IReadOnlyList<UsageRow> Rows, bool HasMore)
{
    /// <summary>Rows of a numbered page, and of the first answer.</summary>
    public const int MaxRows = 1000;

    /// <summary>Rows that follow as the reader nears the end.</summary>
    public const int MaxMoreRows = 500;
}

/// <summary>Where on screen the rows begin: at a numbered page, or after the row of an event.</summary>
public sealed record UsagePosition(int Page, string? AfterEventId)
{
    public static UsagePosition Start { get; } = new(1, null);

    /// <summary>Rows of the pages before a numbered one.</summary>
    public int Skipped => (Page - 1) * UsagePage.MaxRows;

    /// <summary>So many of all rows, from here on; none after the row of an event that is not among them.</summary>
    internal List<UsageRow> Of(List<UsageRow> rows, int take)
    {
        if (AfterEventId is not { } after) return rows.Skip(Skipped).Take(take).ToList();
        var found = rows.FindIndex(row => row.EventId == after);
        return found < 0 ? [] : rows.Skip(found + 1).Take(take).ToList();
    }
}

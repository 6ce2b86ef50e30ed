using CreditUsage.Core.Report;

namespace CreditUsage.Core.Paper;

/// <summary>Lays rows out onto pages by the lines that each needs, so the number of pages is known before anything is rendered (docs/decisions/0003).</summary>
public sealed class PdfPages
{
    /// <summary>Lines of 17 px under the head of an A4 page, as _PaperStyle has it.</summary>
    public const int LinesPerPage = 74;

    private readonly bool _newPages;
    private readonly NameWidths _widths;
    private readonly List<int> _rows = [0];
    private int _used;

    public PdfPages(UsageColumns columns, bool newPages = false) => (_widths, _newPages) = (NameWidths.Of(columns), newPages);

    public int Count => _rows.Count;

    /// <summary>Adds the next row in order, with its group's heading where it begins the group or a page, and the subtotal below the last row of a group or day.</summary>
    public void Add(UsageRow row, bool endsDay = false)
    {
        ArgumentNullException.ThrowIfNull(row);
        var lines = _widths.CountLines(row) + (endsDay || (row.Group is { } group && row.PlaceInGroup == group.Total.Rows) ? 1 : 0);
        var heading = row.Group is null ? 0 : 1;
        var begins = row.PlaceInGroup == 1;
        if (_used + lines + (begins ? heading : 0) > LinesPerPage || (_newPages && begins && _rows[^1] > 0)) TurnOver();
        _used += lines + (begins || _rows[^1] == 0 ? heading : 0);
        _rows[^1]++;
    }

    public void AddLine()
    {
        if (_used + 1 > LinesPerPage) TurnOver();
        _rows[^1]++;
        _used++;
    }

    /// <summary>The number of rows on each page, at least one page; the last holds the totals, whose <paramref name="totalLines"/> are kept together.</summary>
    public IReadOnlyList<int> End(int totalLines)
    {
        if (_used + totalLines > LinesPerPage) TurnOver();
        return _rows;
    }

    private void TurnOver()
    {
        _rows.Add(0);
        _used = 0;
    }
}

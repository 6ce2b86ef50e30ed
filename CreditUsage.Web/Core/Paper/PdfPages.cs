using CreditUsage.Core.Report;

namespace CreditUsage.Core.Paper;

/// <summary>Lays rows out onto pages by the lines that each needs, so the number of pages is known before anything is rendered (docs/decisions/0003).</summary>
public sealed class PdfPages
{
    /// <summary>Lines of 17 px under the head of an A4 page, as _PaperStyle has it.</summary>
    public const int LinesPerPage = 74;

    // Inner widths in px of the columns that hold names, as _PaperStyle has them.
    private const int KindWidth = 124;
    private const int StaffWidth = 134;
    private const int ClientWidth = 180;
    private const int ProgramWidth = 164;

    private readonly bool _newPages;
    private readonly List<int> _rows = [0];
    private int _used;

    public PdfPages(bool newPages = false) => _newPages = newPages;

    /// <summary>Adds the next row in order, with its group's heading where it begins the group or a page, and the subtotal below a group's last row.</summary>
    public void Add(UsageRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var lines = CountLines(row) + (row.Group?.Total.Rows == row.PlaceInGroup && row.Group is not null ? 1 : 0);
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

    /// <summary>The row as it is printed, its names wrapped here where the engine wraps them wrongly.</summary>
    public static UsageRow Wrap(UsageRow row)
    {
        var lines = CountLines(row);
        if (EngineWraps(row)) return lines == 1 ? row : row with { PaperClass = TextMeasurer.RowClass(lines, wrapped: false) };
        return row with
        {
            PaperClass = TextMeasurer.RowClass(lines, wrapped: true),
            WrappedKind = TextMeasurer.Wrap(row.KindAndMark, KindWidth),
            Staff = TextMeasurer.Wrap(row.Staff, StaffWidth),
            Client = TextMeasurer.Wrap(row.ClientOrCard, ClientWidth),
            Program = TextMeasurer.Wrap(row.Program, ProgramWidth),
        };
    }

    private static bool EngineWraps(UsageRow row) => TextMeasurer.EngineWraps(row.Staff) && TextMeasurer.EngineWraps(row.ClientOrCard) && TextMeasurer.EngineWraps(row.Program)
        && (row.Mark is null || TextMeasurer.EngineWraps(row.KindAndMark));

    private static int CountLines(UsageRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        Func<string, int, int> count = EngineWraps(row) ? TextMeasurer.CountLines : TextMeasurer.CountWrappedLines;
        var lines = Math.Max(count(row.Staff, StaffWidth), Math.Max(count(row.ClientOrCard, ClientWidth), count(row.Program, ProgramWidth)));
        return row.Mark is null ? lines : Math.Max(lines, count(row.KindAndMark, KindWidth));
    }

    private void TurnOver()
    {
        _rows.Add(0);
        _used = 0;
    }
}

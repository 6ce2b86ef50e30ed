using System.Runtime.CompilerServices;
using CreditUsage.Core.Paper.Proof;
using CreditUsage.Core.Report;
using CreditUsage.Platform.Pdf;

namespace CreditUsage.Core.Paper;

/// <summary>Lays a month out on paper, and finds what must be read back from it, in one pass over its rows, none of which is kept.</summary>
internal sealed class PdfLayout(CreditUsageReport report, PaperFigures figures)
{
    private const int NoticeLines = 3;

    /// <summary>One process up to this many rows, since splitting a short month saves no time.</summary>
    private const int RowsOfOnePart = 3_000;

    /// <summary>At 100 pages the engine needs 180 MB, and little CPU is lost to starting it again; at 1,350 pages it would need 1,600 MB.</summary>
    public const int MaxPagesOfAPart = 100;

    /// <summary>Parts are a multiple of this: the last of an odd number would leave a processor idle.</summary>
    private const int PartsAtOnce = 2;

    private const int MaxRowsAtOnce = PartsAtOnce * MaxPagesOfAPart * PdfPages.LinesPerPage;

    /// <summary>In px; keeps the criteria below the table out of the column of costs.</summary>
    public const int CriteriaWidth = 780;

    // In px, of all columns together, as _PaperStyle has them.
    private static readonly int[] Widths = [80, 128, 138, 184, 168, 82, 62, 91];

    // Dates and costs have fixed places whatever is shown between them; a cost wider than its column overflows to the right.
    private static readonly PaperColumn Dates = new(50, 130);
    private static readonly PaperColumn Costs = new(892, 1033);

    private readonly PdfPages _pages = new(report.Filter.Columns, report.Filter.NewPages);
    private readonly DayEnds? _days = DayEnds.Of(figures);
    private readonly List<string> _runningTotals = [];
    private readonly List<PdfBookmark> _firstRows = [];
    private int _rows;
    private long _pence;
    private long? _running = 0;

    public PaperTally Tally { get; } = NewTally();

    public static PaperTally NewTally() => new(Dates, Costs);

    /// <summary>The pages before the rows, then each day's first, or the rows' first where they are not in order of their days.</summary>
    public IReadOnlyList<PdfBookmark> Bookmarks =>
    [
        .. figures.Summary is null ? Array.Empty<PdfBookmark>() : [new("Summary", 1)],
        .. figures.Sheet is null ? Array.Empty<PdfBookmark>() : [new("Charts", figures.PagesBefore)],
        .. _firstRows.Count == 0 ? [new("Rows", figures.PagesBefore + 1)] : _firstRows,
    ];

    /// <summary>In px: visible columns share the width of hidden ones.</summary>
    public static IReadOnlyList<int> WidthsOf(UsageColumns columns)
    {
        var widths = columns.Visible.Select(column => Widths[(int)column]).ToArray();
        var wide = Enumerable.Range(1, widths.Length - 1).Where(place => !UsageColumns.HasFigures(columns.Visible[place])).DefaultIfEmpty(Math.Max(1, widths.Length - 2)).ToList();
        var spare = Widths.Sum() - widths.Sum();
        if (widths.Length == 2) widths[0] += spare;
        else foreach (var (turn, place) in wide.Index()) widths[place] += (spare / wide.Count) + (turn == 0 ? spare % wide.Count : 0);
        return widths;
    }

    public async IAsyncEnumerable<UsageRow> LayOutAsync(IAsyncEnumerable<UsageRow> rows, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var figure in FiguresBeforeRows()) Tally.Total(figure);
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            _rows++;
            _pence += row.CostPence ?? 0;
            if (!report.Filter.SubtotalsOnly) LayOut(row);
            yield return row;
        }
    }

    /// <summary>The pages of each part; call it after all rows.</summary>
    /// <exception cref="InvalidOperationException">The rows do not add up to the report's totals.</exception>
    public IReadOnlyList<IReadOnlyList<LaidOutPage>> Parts()
    {
        if ((_rows, _pence) != (report.All.Rows, report.All.KnownCostPence)) throw new InvalidOperationException("The rows do not add up to the totals.");
        if (report.Filter.SubtotalsOnly) LayOutSubtotals();
        IReadOnlyList<int> table = [];
        Turning(() => table = _pages.End(report.Filter.Kinds.Count() + 1 + (report.Withheld is null ? 0 : NoticeLines) + CriteriaLines));
        foreach (var total in Totals()) Tally.Total(Display.Pounds(total.CostPence));
        IReadOnlyList<LaidOutPage> pages = [.. Enumerable.Repeat(default(LaidOutPage), figures.PagesBefore), .. table.Select((rows, page) => new LaidOutPage(rows, _runningTotals.ElementAtOrDefault(page)))];
        var parts = Tally.Rows <= RowsOfOnePart ? 1 : PartsAtOnce * ((Tally.Rows + MaxRowsAtOnce - 1) / MaxRowsAtOnce);
        return [.. pages.Chunk((pages.Count + parts - 1) / parts)];
    }

    private int CriteriaLines => report.CriteriaText is { } criteria ? TextMeasurer.CountLines(criteria, CriteriaWidth) + 1 : 0;

    private void LayOut(UsageRow row)
    {
        var day = _days?.EndedBy(row);
        Turning(() => _pages.Add(row, day is not null));
        if (_days?.Begins == true) _firstRows.Add(new(Display.Day(row.ServiceDate), figures.PagesBefore + _pages.Count));
        _running += row.CostPence;
        Tally.Row(Display.Day(row.ServiceDate), Display.Pounds(row.CostPence));
        var subtotal = day ?? (row.Group is { } group && row.PlaceInGroup == group.Total.Rows ? group.Total : null);
        if (subtotal is not null) Tally.Total(Display.Pounds(subtotal.CostPence));
    }

    private void LayOutSubtotals()
    {
        foreach (var group in report.Groups!)
        {
            Turning(_pages.AddLine);
            _running += group.Total.CostPence;
            Tally.Total(Display.Pounds(group.Total.CostPence));
        }
    }

    /// <summary>A page that is full ends with the running total, which is withheld from the first row without a price on.</summary>
    private void Turning(Action add)
    {
        var pages = _pages.Count;
        add();
        if (_pages.Count == pages) return;
        _runningTotals.Add(Display.Pounds(_running));
        Tally.Total(_runningTotals[^1]);
    }

    /// <summary>From top to bottom.</summary>
    private IEnumerable<string> FiguresBeforeRows()
    {
        if (figures.Summary is { } summary) foreach (var figure in Totals().Select(total => Display.Pounds(total.CostPence)).Concat(summary.Figures)) yield return figure;
        foreach (var figure in figures.Sheet?.Figures ?? []) yield return figure;
    }

    private IEnumerable<UsageTotal> Totals()
    {
        if (report.Filter.Sessions) yield return report.Sessions;
        if (report.Filter.TopUps) yield return report.TopUps;
        yield return report.All;
    }
}

/// <param name="Rows">Rows, or groups by their subtotals.</param>
/// <param name="RunningTotal">In its foot, as printed; null on a page without rows and on the last, which has the totals.</param>
internal readonly record struct LaidOutPage(int Rows, string? RunningTotal);

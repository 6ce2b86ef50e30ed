using System.Runtime.CompilerServices;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Pdf;

namespace CreditUsage.Features.UsageReport.Paper;

/// <summary>How a month lies on paper and what must be read there afterwards: found out in one pass over its rows, none of which is kept.</summary>
internal sealed class PdfLayout(CreditUsageReport report)
{
    /// <summary>Lines of the notice that money is withheld.</summary>
    private const int NoticeLines = 3;

    /// <summary>One process up to this many rows, since splitting a short month saves nobody time.</summary>
    private const int RowsOfOnePart = 3_000;

    /// <summary>At 60 pages the engine needs 140 MB, and little CPU is lost to starting it again; at 1,350 pages it would need 900 MB.</summary>
    public const int MostPagesOfAPart = 60;

    private const int MostRowsOfAPart = MostPagesOfAPart * PdfPages.LinesPerPage;

    // The columns of dates and costs, as _PaperStyle has them; a cost that is wider than its column runs out to the right.
    private static readonly PdfColumn Dates = new(50, 130);
    private static readonly PdfColumn Costs = new(892, 1033);

    private readonly PdfPages _pages = new();
    private long _pence;

    public PdfTally Tally { get; } = NewTally();

    /// <summary>Of nothing yet, for paper with the table's columns.</summary>
    public static PdfTally NewTally() => new(Dates, Costs);

    /// <summary>The rows as they come, each laid out on its way.</summary>
    public async IAsyncEnumerable<UsageRow> LaidAsync(IAsyncEnumerable<UsageRow> rows, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            _pages.Add(row);
            _pence += row.CostPence ?? 0;
            Tally.Row(Display.Day(row.ServiceDate), Display.Pounds(row.CostPence));
            yield return row;
        }
    }

    /// <summary>The rows on each page of each part, when all have been laid.</summary>
    /// <exception cref="InvalidOperationException">The rows do not add up to the report's totals.</exception>
    public IReadOnlyList<IReadOnlyList<int>> Parts()
    {
        if ((Tally.Rows, _pence) != (report.All.Rows, report.All.KnownCostPence)) throw new InvalidOperationException("The rows do not add up to the totals.");
        foreach (var total in Totals()) Tally.Total(Display.Pounds(total.CostPence));
        var pages = _pages.End(report.Filter.Kinds.Count() + 1 + (report.Withheld is null ? 0 : NoticeLines));
        var parts = Tally.Rows <= RowsOfOnePart ? 1 : (Tally.Rows + MostRowsOfAPart - 1) / MostRowsOfAPart;
        return [.. pages.Chunk((pages.Count + parts - 1) / parts)];
    }

    /// <summary>In the order of the table's foot.</summary>
    private IEnumerable<UsageTotal> Totals()
    {
        if (report.Filter.Sessions) yield return report.Sessions;
        if (report.Filter.TopUps) yield return report.TopUps;
        yield return report.All;
    }
}

using System.Security.Cryptography;
using System.Text.Json;
using CreditUsage.Core.Report;
using CreditUsage.Core.Report.Charts;
using CreditUsage.Domain.Reports;

namespace CreditUsage.Core.Paper;

/// <summary>What a report's PDF shows besides its rows, read before them in the same snapshot.</summary>
/// <param name="Summary">Of the first page; null where it is left out.</param>
/// <param name="Sheet">Of the page of charts; null where it is not requested.</param>
/// <param name="Days">Subtotals by day; null where the rows are not in order of their days.</param>
public sealed record PaperFigures(ChartSheet? Summary, ChartSheet? Sheet, IReadOnlyDictionary<DateOnly, UsageTotal>? Days)
{
    /// <summary>Of a credit, as printed.</summary>
    public string Price { get; private init; } = "";

    /// <summary>Null where none is set or the summary is left out.</summary>
    public Letterhead? Letterhead { get; private init; }

    /// <summary>Pages before the first with rows.</summary>
    public int PagesBefore => (Summary is null ? 0 : 1) + (Sheet is null ? 0 : 1);

    private IEnumerable<ChartSheet> Sheets => new[] { Summary, Sheet }.OfType<ChartSheet>();

    public static async Task<PaperFigures> ReadAsync(CreditUsageReport report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        var filter = report.Filter;
        var (summed, inDays) = (!filter.SummaryLeftOut, filter.GroupBy is null && filter.Sort.Column == UsageColumn.Date);
        var events = await report.EventsAsync(cancellation, summed ? DrawSummary.First(report) : filter.Month);
        var days = summed || inDays ? await DaySum.ListAsync(events, cancellation) : [];
        return new(
            summed ? await DrawSummary.RunAsync(report, days, cancellation) : null,
            await DrawCharts.SheetAsync(report, cancellation),
            inDays ? days.Where(day => day.Month == filter.Month).ToDictionary(day => day.Day, day => day.Total) : null)
        {
            Letterhead = summed ? await report.LetterheadAsync(cancellation) : null,
            Price = summed ? DatedPrice.Of(filter.Month, await report.PriceListAsync(cancellation)) : "",
        };
    }

    /// <summary>SHA-256 of all that is shown: of the rows alone where nothing is drawn. Lower-case hexadecimal.</summary>
    public string ContentSha256(string rowsSha256)
    {
        var drawn = Sheets.SelectMany(sheet => sheet.Charts).Select(chart => chart.Bars.Select(bar => new { Bar = bar, bar.Kinds })).ToList();
        return drawn.Count == 0 ? rowsSha256 : Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { Rows = rowsSha256, Drawn = drawn, Letterhead?.Address, Letterhead?.Logo })));
    }
}

/// <summary>Finds the last row of each day where the rows of a day stand together.</summary>
internal sealed class DayEnds(IReadOnlyDictionary<DateOnly, UsageTotal> days)
{
    private DateOnly _day;
    private int _rows;
    private long _pence;

    /// <summary>Null where the days get no subtotals.</summary>
    public static DayEnds? Of(PaperFigures figures) => figures.Days is { } days ? new(days) : null;

    /// <summary>Whether the last row was the first of its day.</summary>
    public bool Begins => _rows == 1;

    /// <returns>The day's subtotal after its last row; null before.</returns>
    /// <exception cref="InvalidOperationException">The day's rows do not add up to it.</exception>
    public UsageTotal? EndedBy(UsageRow row)
    {
        if (row.ServiceDate != _day) (_day, _rows, _pence) = (row.ServiceDate, 0, 0);
        _rows++;
        _pence += row.CostPence ?? 0;
        var total = days[_day];
        if (_rows < total.Rows) return null;
        return (_rows, _pence) == (total.Rows, total.KnownCostPence) ? total : throw new InvalidOperationException("The rows of a day do not add up to its subtotal.");
    }
}

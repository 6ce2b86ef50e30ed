using System.Globalization;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Usage;
using SpreadCheetah;
using SpreadCheetah.Worksheets;

namespace CreditUsage.Core.Files;

internal sealed record XlsxColumns(IReadOnlyList<XlsxColumn> All)
{
    public const string CostHeading = "Cost (GBP)";

    private static readonly XlsxColumn Kind = new("Kind", 18, (cells, row) => cells.Text(row.Kind.Label()));

    private static readonly (UsageColumn Of, XlsxColumn Column)[] Own =
    [
        (UsageColumn.Date, new("Date (GMT)", 18, (cells, row) => cells.Date(row.ServiceDate))),
        (UsageColumn.Date, new("Time (GMT)", 11, (cells, row) => row.Kind == UsageKind.ConnectedSession ? cells.Time(row.OccurredAt) : default)),
        (UsageColumn.Kind, Kind),
        (UsageColumn.Staff, new("Staff", 24, (cells, row) => cells.Text(row.Staff))),
        (UsageColumn.Client, new("Client", 28, (cells, row) => cells.Text(row.ClientOrCard))),
        (UsageColumn.Program, new("Program", 28, (cells, row) => cells.Text(row.Program))),
        (UsageColumn.Client, new("Device", 13, (cells, row) => cells.Text(row.DeviceId))),
        (UsageColumn.Duration, new("Duration (minutes)", 18, (cells, row) => cells.Number(row.DurationMinutes)) { Total = XlsxTotal.Minutes }),
        (UsageColumn.Credits, new("Credits", 10, (cells, row) => cells.Number(row.Credits)) { Total = XlsxTotal.Credits }),
        (UsageColumn.Cost, new(CostHeading, 14, (cells, row) => cells.Pounds(row.CostPence)) { Total = XlsxTotal.Cost }),
    ];

    private static readonly XlsxColumn[] Always = [new("Event", 18, (cells, row) => cells.Text(row.EventId)), new("Note", 40, (cells, row) => cells.Text(row.Mark))];

    /// <summary>The totals of each kind are calculated from it, so it is there even where the report leaves the kind out.</summary>
    private static readonly XlsxColumn HiddenKind = Kind with { Hidden = true };

    public int KindPlace => All.Index().First(column => column.Item.Heading == Kind.Heading).Index;

    /// <summary>What each column holds in the rows of totals: the column before the first figure counts the rows.</summary>
    public IReadOnlyList<XlsxTotal?> Totals
    {
        get
        {
            var firstFigure = All.TakeWhile(column => column.Total is null).Count();
            return [.. All.Select((column, place) => place + 1 == firstFigure ? XlsxTotal.Rows : column.Total)];
        }
    }

    public static XlsxColumns Of(UsageColumns columns)
    {
        var chosen = columns.AreAll ? Own.Select(own => own.Column) : columns.Visible.SelectMany(column => Own.Where(own => own.Of == column).Select(own => own.Column));
        return new([.. chosen, .. Always, .. columns.Visible.Contains(UsageColumn.Kind) ? Array.Empty<XlsxColumn>() : [HiddenKind]]);
    }

    public static char Letter(int place) => (char)('A' + place);

    public WorksheetOptions SheetOptions(int usageRows)
    {
        var lastVisible = Letter(All.Count(column => !column.Hidden) - 1);
        var options = new WorksheetOptions { FrozenRows = 1, AutoFilter = new(string.Create(CultureInfo.InvariantCulture, $"A1:{lastVisible}{usageRows + 1}")) };
        foreach (var (place, column) in All.Index())
        {
            var sheetColumn = options.Column(place + 1);
            (sheetColumn.Width, sheetColumn.Hidden) = (column.Width, column.Hidden);
        }
        return options;
    }
}

/// <param name="Width">In characters.</param>
internal sealed record XlsxColumn(string Heading, int Width, Func<XlsxCells, UsageRow, Cell> Cell)
{
    public bool Hidden { get; init; }

    public XlsxTotal? Total { get; init; }
}

/// <summary>Writes the totals below the rows, as formulas whose cached values are the report's own.</summary>
internal sealed class XlsxTotals(XlsxCells cells, XlsxColumns columns, int lastRow)
{
    public const string Withheld = "withheld";

    public static async Task WriteAsync(Spreadsheet book, XlsxCells cells, XlsxColumns columns, CreditUsageReport report, CancellationToken cancellation)
    {
        // A month without rows is summed over the empty row below the heading.
        var totals = new XlsxTotals(cells, columns, Math.Max(book.NextRowNumber - 1, 2));
        await book.AddRowAsync(Array.Empty<Cell>(), cancellation);
        await book.AddRowAsync(totals.Headings(), cancellation);
        if (report.Filter.Sessions) await book.AddRowAsync(totals.Line("Connected sessions", UsageKind.ConnectedSession, report.Sessions), cancellation);
        if (report.Filter.TopUps) await book.AddRowAsync(totals.Line("Daily top-ups", UsageKind.DailyTopUp, report.TopUps), cancellation);
        await book.AddRowAsync(totals.Line("Total", kind: null, report.All), cancellation);
    }

    private Cell[] Headings() =>
        [cells.Heading("Totals"), .. columns.Totals.Skip(1).Select(figure => cells.Heading(figure == XlsxTotal.Cost ? XlsxColumns.CostHeading : figure?.ToString()))];

    private Cell[] Line(string name, UsageKind? kind, UsageTotal total) =>
        [cells.TotalText(name), .. columns.Totals.Select((figure, place) => CellOf(figure, place, kind, total)).Skip(1)];

    private Cell CellOf(XlsxTotal? figure, int place, UsageKind? kind, UsageTotal total) => figure switch
    {
        XlsxTotal.Rows => cells.Total(kind is { } one ? $"COUNTIF({KindRange},\"{one.Label()}\")" : $"COUNTA({KindRange})", total.Rows),
        XlsxTotal.Minutes => cells.Total(Sum(place, kind), total.Minutes),
        XlsxTotal.Credits => cells.Total(Sum(place, kind), total.Credits),
        // The sum of many binary fractions is not always whole pence.
        XlsxTotal.Cost when total.CostPence is { } pence => cells.TotalPounds($"ROUND({Sum(place, kind)},2)", pence),
        XlsxTotal.Cost => cells.TotalText(Withheld),
        _ => default,
    };

    private string Sum(int place, UsageKind? kind) => kind is { } one ? $"SUMIFS({Range(place)},{KindRange},\"{one.Label()}\")" : $"SUM({Range(place)})";

    private string KindRange => Range(columns.KindPlace);

    private string Range(int place)
    {
        var letter = XlsxColumns.Letter(place);
        return string.Create(CultureInfo.InvariantCulture, $"{letter}$2:{letter}${lastRow}");
    }
}

internal enum XlsxTotal
{
    Rows,
    Minutes,
    Credits,
    Cost,
}

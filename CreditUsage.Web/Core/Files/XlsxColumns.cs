using CreditUsage.Core.Files.Xlsx;
using CreditUsage.Core.Jobs;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Credits;
using CreditUsage.Features.Imports;

namespace CreditUsage.Core.Files;

/// <summary>The columns of a workbook, as the report's were chosen: what the sheet's letters stand for.</summary>
/// <param name="All">In order, from the letter A.</param>
internal sealed record XlsxColumns(IReadOnlyList<XlsxColumn> All)
{
    public const string CostHeading = "Cost (GBP)";

    private const string KindHeading = "Kind";
    private const string MinutesHeading = "Duration (minutes)";
    private const string CreditsHeading = "Credits";

    /// <summary>In the workbook's own order, each with the column of the report that it belongs to.</summary>
    private static readonly (UsageColumn Of, XlsxColumn Column)[] Own =
    [
        (UsageColumn.Date, new("Date (GMT)", 18, (sheet, row) => sheet.Date(row.ServiceDate))),
        (UsageColumn.Date, new("Time (GMT)", 11, WriteTime)),
        (UsageColumn.Kind, new(KindHeading, 18, WriteKind)),
        (UsageColumn.Staff, new("Staff", 24, (sheet, row) => sheet.Text(row.Staff))),
        (UsageColumn.Client, new("Client", 28, (sheet, row) => sheet.Text(row.ClientShown))),
        (UsageColumn.Program, new("Program", 28, (sheet, row) => sheet.Text(row.Program))),
        (UsageColumn.Client, new("Device", 13, (sheet, row) => sheet.Text(row.DeviceId))),
        (UsageColumn.Duration, new(MinutesHeading, 18, (sheet, row) => sheet.Number(row.DurationMinutes))),
        (UsageColumn.Credits, new(CreditsHeading, 10, (sheet, row) => sheet.Number(row.Credits))),
        (UsageColumn.Cost, new(CostHeading, 14, (sheet, row) => sheet.Pounds(row.CostPence))),
    ];

    /// <summary>What every row has, whatever was chosen.</summary>
    private static readonly XlsxColumn[] Always = [new("Event", 18, (sheet, row) => sheet.Text(row.EventId)), new("Note", 40, (sheet, row) => sheet.Text(row.Mark))];

    /// <summary>The totals of each kind are calculated by it, so it is there even where nobody wants to see it.</summary>
    private static readonly XlsxColumn HiddenKind = new(KindHeading, 0, WriteKind);

    public IReadOnlyList<int> Widths => [.. All.Select(column => column.Width)];

    /// <summary>The letter of the last that is not hidden.</summary>
    public char LastInSight => (char)('A' + All.Count(column => column.Width > 0) - 1);

    public char Kind => (char)('A' + PlaceOf(KindHeading));

    /// <summary>What a place holds of the totals; the first holds what they are of.</summary>
    /// <param name="place">From 0.</param>
    public XlsxTotal? TotalAt(int place) => All[place].Heading switch
    {
        MinutesHeading => XlsxTotal.Minutes,
        CreditsHeading => XlsxTotal.Credits,
        CostHeading => XlsxTotal.Cost,
        // Beside the first figure; the date and the time come before any.
        _ => place + 1 == FirstFigure ? XlsxTotal.Rows : null,
    };

    public static XlsxColumns Of(UsageColumns columns)
    {
        var chosen = columns.AreAll ? Own.Select(own => own.Column) : columns.Shown.SelectMany(column => Own.Where(own => own.Of == column).Select(own => own.Column));
        return new([.. chosen, .. Always, .. columns.Shown.Contains(UsageColumn.Kind) ? Array.Empty<XlsxColumn>() : [HiddenKind]]);
    }

    private int FirstFigure => new[] { MinutesHeading, CreditsHeading, CostHeading }.Select(PlaceOf).Where(place => place >= 0).Min();

    private int PlaceOf(string heading) => All.Index().Where(column => column.Item.Heading == heading).Select(column => column.Index).FirstOrDefault(-1);

    private static void WriteKind(XlsxSheet sheet, UsageRow row) => sheet.Text(row.Kind.Label());

    private static void WriteTime(XlsxSheet sheet, UsageRow row)
    {
        if (row.Kind == UsageKind.ConnectedSession) sheet.Time(row.OccurredAt);
        else sheet.Skip();
    }
}

/// <param name="Width">In characters; 0 for a hidden one.</param>
/// <param name="Write">The cell of a row.</param>
internal sealed record XlsxColumn(string Heading, int Width, Action<XlsxSheet, UsageRow> Write);

/// <summary>A figure of the totals.</summary>
internal enum XlsxTotal
{
    Rows,
    Minutes,
    Credits,
    Cost,
}

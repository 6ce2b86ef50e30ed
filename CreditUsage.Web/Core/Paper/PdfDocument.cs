using CreditUsage.Core.Report;
using CreditUsage.Core.Report.Charts;

namespace CreditUsage.Core.Paper;

/// <param name="Seal">Null where the file is not saved.</param>
/// <param name="RowsSha256">Of its rows and totals; null where the file is not saved.</param>
public sealed record PdfDocument(CreditUsageReport Report, PaperFigures Figures, string PrintedBy, ReportNumber? Seal, string? RowsSha256)
{
    public IReadOnlyList<PdfPage> Pages { get; init; } = [];

    /// <summary>The number of the first of them in the whole document, from 1.</summary>
    public int FirstPage { get; init; } = 1;

    /// <summary>Of the whole document.</summary>
    public int PageCount { get; init; }

    /// <summary>Null where the site does not know its address.</summary>
    public Uri? VerifyAt { get; init; }

    /// <summary>Whether one of its pages has the clinic's logo.</summary>
    public bool HasLogo => FirstPage == 1 && Figures.Letterhead?.Logo is not null;

    public int FirstOfTable => Figures.PagesBefore + 1;

    public const string View = "/Core/Paper/_PdfDocument.cshtml";

    private const int ChecksumCharacters = 16;

    /// <summary>Pages in one clipped wrapper: a layer for each page doubled the engine's work.</summary>
    public const int PagesAtOnce = 20;

    /// <summary>Under the head of each page; a complete month that is not closed is named as the draft that it is.</summary>
    public string MonthAndState => Report.State is { IsClosed: false, InProgress: false } ? $"{Report.Filter.Month.Name} (Draft)" : Report.MonthAndState;

    public string StateTitle => Report.State switch { { IsClosed: true } closed => closed.Label, { InProgress: true } => "IN PROGRESS", _ => "DRAFT" };

    public string StateSentence => Report.State switch
    {
        { IsClosed: true } => "The month is closed: nothing changes these figures.",
        { InProgress: true } => $"The month is not over: the figures are as at {Display.Moment(Report.AsAt)}.",
        _ => "The month is not closed: events can still be added and corrected.",
    };

    public string SealTitle => Seal is null ? "Not saved" : Seal.Title;

    /// <summary>The checksum is that of the rows and totals, as in the Excel file: the file's own is known only after it is made.</summary>
    public string SealSentence => RowsSha256 is null ? "This copy has no number and cannot be verified." : $"Checksum of the rows: {RowsSha256[..ChecksumCharacters]}…";

    public string Footer => FooterOf(Report, PrintedBy, Seal);

    public static string FooterOf(CreditUsageReport report, string printedBy, ReportNumber? seal)
    {
        ArgumentNullException.ThrowIfNull(report);
        var number = seal is null ? "" : $"{seal.Line}. ";
        // There is no room for who printed it, too.
        return report.Edition is { } edition ? number + edition.Foot : $"{number}Printed by {printedBy}, {Display.Moment(report.AsAt)}";
    }
}

/// <param name="Rows">In order; a group's heading stands above its first row and above the first of a page, its subtotal below its last.</param>
public sealed record PdfPage(IReadOnlyList<UsageRow> Rows, IReadOnlyList<UsageGroup> Subtotals)
{
    /// <summary>The subtotals of the days whose last row is here; null where days have none.</summary>
    public IReadOnlyDictionary<DateOnly, UsageTotal>? EndedDays { get; init; }

    /// <summary>As printed; null where the page has none.</summary>
    public string? RunningTotal { get; init; }

    /// <summary>Rows of one group, or of one day.</summary>
    public IEnumerable<IReadOnlyList<UsageRow>> Runs =>
        Rows.GroupBy(row => EndedDays is null ? row.Group?.Number ?? 0 : row.ServiceDate.DayNumber).Select(run => (IReadOnlyList<UsageRow>)[.. run]);
}

/// <param name="Prefix">Of its ids, since a chart may be on paper twice.</param>
/// <param name="PlotPx">The height of what is drawn of bars beside each other.</param>
public sealed record PaperChart(BarChart Chart, string Prefix, int PlotPx)
{
    public string Id => $"{Prefix}-{Chart.Id}";
}

/// <param name="Style">The style sheet's text for a stand-alone file; null where the page links it.</param>
public sealed record PrintDocument(CreditUsageReport Report, IAsyncEnumerable<UsageRow> Rows, string PrintedBy, string? Style = null)
{
    public ChartSheet? Sheet { get; init; }

    public const int RowsAtOnce = 500;
}

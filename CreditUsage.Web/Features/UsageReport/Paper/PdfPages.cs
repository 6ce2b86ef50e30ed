using CreditUsage.Features.Shared;

namespace CreditUsage.Features.UsageReport.Paper;

/// <summary>
/// Lays rows out onto pages, since the engine neither repeats a table's head nor keeps a row whole. A row takes as many lines
/// as its longest name needs, so the number of pages is known before anything is rendered (docs/decisions/0003).
/// </summary>
public static class PdfPages
{
    /// <summary>Lines of 17 px under the head of an A4 page, as the style of _PdfDocument has it.</summary>
    public const int LinesPerPage = 74;

    // Inner widths in px of the columns that hold names, as the style of _PdfDocument has them.
    private const int KindWidth = 124;
    private const int StaffWidth = 134;
    private const int ClientWidth = 180;
    private const int ProgramWidth = 164;

    /// <summary>The pages, at least one; the last one holds the totals.</summary>
    /// <param name="rows">Every row of the report, in order.</param>
    /// <param name="totalLines">Lines that the totals take, kept together.</param>
    public static IReadOnlyList<IReadOnlyList<UsageRow>> Lay(IEnumerable<UsageRow> rows, int totalLines)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var pages = new List<List<UsageRow>> { new() };
        var used = 0;
        foreach (var row in rows.Select(Measured))
        {
            if (used + row.Lines > LinesPerPage)
            {
                pages.Add([]);
                used = 0;
            }
            pages[^1].Add(row);
            used += row.Lines;
        }
        if (used + totalLines > LinesPerPage) pages.Add([]);
        return pages;
    }

    private static UsageRow Measured(UsageRow row)
    {
        var lines = Math.Max(PaperText.Lines(row.Staff, StaffWidth), Math.Max(PaperText.Lines(row.ClientShown, ClientWidth), PaperText.Lines(row.Program, ProgramWidth)));
        if (row.Mark is not null) lines = Math.Max(lines, PaperText.Lines(row.KindShown, KindWidth));
        var measured = lines == 1 ? row : row with { Lines = lines };
        return PaperText.NeedsMarks(row.ClientShown) || PaperText.NeedsMarks(row.Staff) || PaperText.NeedsMarks(row.Program)
            ? measured with { Staff = PaperText.Marked(row.Staff), Client = PaperText.Marked(row.ClientShown), Program = PaperText.Marked(row.Program) }
            : measured;
    }
}

using CreditUsage.Core;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Paper.Proof;
using CreditUsage.Data;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Rendering;

namespace CreditUsage.Features.Credits;

/// <summary>The pages of a statement's PDF: totals on the first page, the closing balance on the last.</summary>
/// <param name="PrintedBy">An e-mail address.</param>
public sealed record StatementPdf(CreditStatement Statement, IReadOnlyList<IReadOnlyList<StatementRow>> Pages, string PrintedBy)
{
    public const string View = "/Features/Credits/_StatementPdf.cshtml";

    /// <summary>Lines of 17 px under the head of an A4 page, as in the view's style.</summary>
    private const int LinesPerPage = 74;

    /// <summary>Lines that the totals, the basis and the opening balance take on the first page.</summary>
    private const int LinesBefore = 15;

    /// <summary>Fewest rows on the last of several pages, above the closing balance.</summary>
    private const int RowsAtTheEnd = 3;

    /// <summary>Inner width in px of the details column, as in the view's style.</summary>
    private const int DetailsWidth = 486;

    // In px, as in the view's style; a balance that is too wide overflows to the right.
    private static readonly PaperColumn Dates = new(50, 130);
    private static readonly PaperColumn Balances = new(878, 1033);

    public string Footer => $"Printed by {PrintedBy}, {Display.Moment(Statement.AsAt)}";

    public static StatementPdf Of(CreditStatement statement, string printedBy)
    {
        ArgumentNullException.ThrowIfNull(statement);
        var pages = new List<List<StatementRow>> { new() };
        var used = LinesBefore;
        foreach (var row in statement.Rows.Select(Measured))
        {
            if (used + row.Lines > LinesPerPage)
            {
                pages.Add([]);
                used = 0;
            }
            pages[^1].Add(row);
            used += row.Lines;
        }
        if (used + 1 > LinesPerPage) pages.Add([]);
        KeepLastRowWithTotals(pages);
        return new StatementPdf(statement, pages, printedBy);
    }

    private static void KeepLastRowWithTotals(List<List<StatementRow>> pages)
    {
        while (pages.Count > 1 && pages[^1].Count < RowsAtTheEnd && pages[^2].Count > RowsAtTheEnd)
        {
            pages[^1].Insert(0, pages[^2][^1]);
            pages[^2].RemoveAt(pages[^2].Count - 1);
        }
    }

    public PdfSource Source(Func<TextWriter, Task> writeHtml) => new(
        $"Credit Statement {Statement.Filter.Month} - {Statement.Filter.BasisLabel}", $"{Statement.Caption}: {Statement.Sentence}", PrintedBy, PaperProof.Creator(saved: false), Statement.AsAt,
        [new PdfPart(Pages.Count, Statement.Rows.Count, writeHtml)], PaperProof.Of(Tally()));

    private PaperTally Tally()
    {
        var tally = new PaperTally(Dates, Balances);
        tally.Row(Display.Day(Statement.Filter.Month.Start), Display.Number(Statement.Opening));
        foreach (var row in Statement.Rows) tally.Row(Display.Day(row.Day), Display.Number(row.Balance));
        tally.Total(Display.Number(Statement.Closing));
        return tally;
    }

    private static StatementRow Measured(StatementRow row)
    {
        if (TextMeasurer.IsPlain(row.Details, DetailsWidth)) return row;
        return row with { Lines = TextMeasurer.CountLines(row.Details, DetailsWidth), Laid = true, Details = TextMeasurer.Wrap(row.Details, DetailsWidth) };
    }
}

public sealed class MakeStatementPdf(CreditLedger ledger, CreditUsageDb db, RenderView render, IPdfEngine engine)
{
    /// <summary>The caller disposes the file after reading it.</summary>
    /// <exception cref="PdfException">The message is for the user; no file is left behind.</exception>
    public async Task<PdfFile> RunAsync(StatementFilter filter, string printedBy, CancellationToken cancellation)
    {
        var document = StatementPdf.Of(await ledger.StatementAsync(filter, cancellation), printedBy);
        await db.EndSnapshotAsync();
        return await engine.ConvertAsync(document.Source(writer => render.ToAsync(StatementPdf.View, document, writer)), unitsDone: null, cancellation);
    }
}

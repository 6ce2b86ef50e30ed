using CreditUsage.Core.Report;
using CreditUsage.Domain.Auditing;
using CreditUsage.Platform.Auditing;

namespace CreditUsage.Features.Journals;

public static class JournalFiles
{
    private const string Focus = "focus";
    private const string Csv = "text/csv; charset=utf-8";

    public static async Task<IResult> AnswerAsync(
        string file, HttpContext context, ReportQuery months, JournalsQuery query, AuditReads reads, CancellationToken cancellation)
    {
        var journal = JournalCsv.For(file);
        if (journal is null && file != Focus) return TypedResults.NotFound();
        var choice = MonthInput.Of(context.Request.Query, await months.MonthsAsync(cancellation));
        if (choice.Filter is not { } filter) return Problem(choice.Faults[0].Message);
        var books = await query.RunAsync(filter, cancellation);
        if (books.Refusal(asJournal: journal is not null) is { } refusal) return Problem(refusal);
        if (HttpMethods.IsGet(context.Request.Method)) reads.Note(AuditAction.Export, filter.Month.Name, journal is null ? "FOCUS 1.2" : $"Journal for {file}");
        if (journal is not null) return TypedResults.Stream(stream => journal(stream, books.Journal!, cancellation), Csv, $"Credit Usage Journal {filter.Month} {file}.csv");
        var purchases = await query.PurchasesAsync(filter.Month, cancellation);
        return TypedResults.Stream(stream => FocusCsv.WriteAsync(stream, books.Report, purchases, books.Report.RowsAsync(cancellation), cancellation), Csv, $"Credit Usage FOCUS {filter.Month}.csv");
    }

    private static IResult Problem(string what) => TypedResults.Problem(what, statusCode: StatusCodes.Status422UnprocessableEntity, title: "There is a problem");
}

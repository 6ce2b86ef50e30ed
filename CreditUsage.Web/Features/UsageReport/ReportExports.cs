using CreditUsage.Core.Files;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Auditing;
using CreditUsage.Platform.Auditing;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CreditUsage.Features.UsageReport;

/// <summary>The month as files: the page's query string, always every row.</summary>
public static class ReportExports
{
    private const string Xlsx = "xlsx";

    public static Task<Results<PushStreamHttpResult, ProblemHttpResult>> CsvAsync(HttpContext context, ReportQuery query, AuditReads reads, CancellationToken cancellation) =>
        AnswerAsync(context, query, reads, "csv", "text/csv; charset=utf-8", (report, stream) => UsageCsv.WriteAsync(stream, report, report.RowsAsync(cancellation), cancellation), cancellation);

    public static Task<Results<PushStreamHttpResult, ProblemHttpResult>> JsonAsync(HttpContext context, ReportQuery query, AuditReads reads, CancellationToken cancellation) =>
        AnswerAsync(context, query, reads, "json", "application/json; charset=utf-8", (report, stream) => UsageJson.WriteAsync(stream, report, report.RowsAsync(cancellation), cancellation), cancellation);

    public static Task<Results<PushStreamHttpResult, ProblemHttpResult>> XlsxAsync(HttpContext context, ReportQuery query, AuditReads reads, CancellationToken cancellation) =>
        AnswerAsync(context, query, reads, Xlsx, UsageXlsx.ContentType, (report, stream) => WriteXlsxAsync(context, report, stream), cancellation);

    private static async Task WriteXlsxAsync(HttpContext context, CreditUsageReport report, Stream stream)
    {
        // Closing the parts of a ZIP writes a few bytes synchronously, which responses forbid by default.
        context.Features.Get<IHttpBodyControlFeature>()!.AllowSynchronousIO = true;
        var content = await ReportContent.Sha256Async(report, report.RowsAsync(context.RequestAborted), context.RequestAborted);
        await UsageXlsx.WriteAsync(stream, report, context.User.Identity!.Name!, content, report.RowsAsync(context.RequestAborted), context.RequestAborted);
    }

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> AnswerAsync(
        HttpContext context,
        ReportQuery query,
        AuditReads reads,
        string extension,
        string contentType,
        Func<CreditUsageReport, Stream, Task> write,
        CancellationToken cancellation)
    {
        var input = ReportInput.From(context.Request.Query);
        if (input.Validate(await query.MonthsAsync(cancellation), out _, out var faults) is not { } filter)
            return Problem(faults[0].Message);
        var report = await query.OpenAsync(filter, cancellation);
        if (extension == Xlsx && UsageXlsx.Refusal(report) is { } refusal) return Problem(refusal);
        reads.Note(AuditAction.Export, filter.Month.Name, $"{extension.ToUpperInvariant()} of {filter.AuditDetails}");
        return TypedResults.Stream(stream => write(report, stream), contentType, filter.FileName(extension));
    }

    private static ProblemHttpResult Problem(string what) => TypedResults.Problem(what, statusCode: StatusCodes.Status422UnprocessableEntity, title: "There is a problem");
}

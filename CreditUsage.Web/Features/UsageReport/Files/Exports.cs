using CreditUsage.Data.Auditing;
using CreditUsage.Platform.Auditing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CreditUsage.Features.UsageReport.Files;

/// <summary>The month as files: the same query string as the page, always every row.</summary>
public static class Exports
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapUsageReportExports(this IEndpointRouteBuilder app)
    {
        app.MapMethods("/usage-report/csv", Reading, (HttpContext context, UsageReportQuery query, AuditReads reads, CancellationToken cancellation) =>
            AnswerAsync(context, query, reads, "csv", "text/csv", (_, rows, stream) => UsageCsv.WriteAsync(stream, rows, cancellation), cancellation));
        app.MapMethods("/usage-report/json", Reading, (HttpContext context, UsageReportQuery query, AuditReads reads, CancellationToken cancellation) =>
            AnswerAsync(context, query, reads, "json", "application/json", (report, rows, stream) => UsageJson.WriteAsync(stream, report, rows, cancellation), cancellation));
    }

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> AnswerAsync(
        HttpContext context,
        UsageReportQuery query,
        AuditReads reads,
        string extension,
        string contentType,
        Func<CreditUsageReport, IAsyncEnumerable<UsageRow>, Stream, Task> write,
        CancellationToken cancellation)
    {
        var input = UsageReportInput.From(context.Request.Query);
        if (input.Validate(await query.MonthsAsync(cancellation), out _, out var faults) is not { } filter)
            return TypedResults.Problem(faults[0].Message, statusCode: StatusCodes.Status422UnprocessableEntity, title: "There is a problem");
        var report = await query.RunAsync(filter, cancellation);
        if (!HttpMethods.IsHead(context.Request.Method)) reads.Note(AuditAction.Export, filter.Month.Name, $"{extension.ToUpperInvariant()} of {filter.Audited}");
        return TypedResults.Stream(stream => write(report, query.RowsAsync(filter, cancellation), stream), $"{contentType}; charset=utf-8", filter.FileName(extension));
    }
}

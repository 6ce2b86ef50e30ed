using CreditUsage.Core.Files;
using CreditUsage.Domain.Auditing;
using CreditUsage.Platform.Auditing;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CreditUsage.Features.Audit;

public static class AuditExport
{
    /// <summary>The entries that a filter selects, as a file; all of them, whatever page they were on.</summary>
    public static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> AnswerAsync(
        HttpContext context, AuditQuery query, AuditBacklog backlog, AuditReads reads, CancellationToken cancellation)
    {
        if (AuditFilter.Parse(context.Request.Query, out var faults) is not { } filter)
            return TypedResults.Problem(faults[0].Message, statusCode: StatusCodes.Status422UnprocessableEntity, title: "There is a problem");
        reads.Note(AuditAction.Export, "Audit", filter.Query() is { Length: > 0 } asked ? $"CSV, {asked}" : "CSV of everything");
        await backlog.WriteAsync(cancellation);
        return TypedResults.Stream(stream => AuditCsv.WriteAsync(stream, query.AllAsync(filter with { Before = null }), cancellation), "text/csv; charset=utf-8", "Audit.csv");
    }
}

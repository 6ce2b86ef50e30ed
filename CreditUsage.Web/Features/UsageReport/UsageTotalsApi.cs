using System.ComponentModel;
using CreditUsage.Core.Files;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using CreditUsage.Platform.Api;
using CreditUsage.Platform.Auditing;
using Microsoft.AspNetCore.Mvc;

namespace CreditUsage.Features.UsageReport;

public static class UsageTotalsApi
{
    public static RouteHandlerBuilder DescribeTotals(this RouteHandlerBuilder route) => route.WithName("ReadUsageTotals").WithTags("Report")
        .WithSummary("What a month adds up to, money as integer pence")
        .Produces<ReportTotals>()
        .Produces<ParameterProblem>(StatusCodes.Status422UnprocessableEntity, ApiAnswer.ProblemJson);

    public static async Task<IResult> ReadAsync(
        [FromServices] ReportQuery query,
        [FromServices] AuditReads audit,
        CancellationToken cancellation,
        [Description("The month, such as 2026-10.")] string? month = null)
    {
        if (!UsageMonth.TryParse(month, out var wanted)) return ApiAnswer.WrongParameter("month", "Write the month as in month=2026-10.");
        if ((await query.MonthsAsync(cancellation)).Refusal(wanted) is { } refusal) return ApiAnswer.WrongParameter("month", refusal);
        audit.NoteByApi($"Totals of {wanted.Name}");
        return TypedResults.Ok(ReportTotals.Of(await query.OpenAsync(ReportFilter.Whole(wanted), cancellation)));
    }
}

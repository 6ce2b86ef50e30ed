using System.ComponentModel;
using System.Text.Json.Serialization;
using CreditUsage.Core.Closing;
using CreditUsage.Data;
using CreditUsage.Platform;
using Microsoft.AspNetCore.Mvc;

namespace CreditUsage.Features.Months;

public static class MonthsApi
{
    public static RouteHandlerBuilder DescribeMonths(this RouteHandlerBuilder route) => route
        .WithName("ReadMonths").WithTags("Report").WithSummary("Gives every month with its state and totals, the latest first").Produces<ApiMonths>();

    internal static async Task<IResult> ReadAsync([FromServices] MonthsQuery query, [FromServices] CreditUsageDb db, [FromServices] TimeProvider clock, CancellationToken cancellation)
    {
        var list = await query.AllAsync(cancellation);
        if (list.Difference is { } difference) throw new UntrustedDataException(StatusCodes.Status409Conflict, difference);
        var calendar = await MonthCalendar.LoadAsync(db, clock.GetUtcNow(), cancellation);
        return TypedResults.Ok(new ApiMonths([.. list.Lines.Select(month =>
        {
            var closing = calendar.Closed.Find(month.Month);
            return new ApiMonth(
                month.Month.ToString(), month.State.IsClosed ? "closed" : month.State.InProgress ? "in progress" : "open", closing?.Version, closing?.ClosedAt, month.Events, month.Corrections, month.Credits, month.CostPence,
                closing?.SavedReportId, closing?.PdfSha256, closing?.RowsSha256);
        })]));
    }
}

internal sealed record ApiMonths([property: JsonPropertyName("months")] IReadOnlyList<ApiMonth> Months);

[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record ApiMonth(
    [property: JsonPropertyName("month"), Description("Such as 2026-10.")] string Month,
    [property: JsonPropertyName("state"), Description("open, in progress or closed.")] string State,
    [property: JsonPropertyName("version"), Description("Of a closed month: 1, and one more after each reopening; null otherwise.")] int? Version,
    [property: JsonPropertyName("closed_at"), Description("Null unless the month is closed.")] DateTimeOffset? ClosedAt,
    [property: JsonPropertyName("events"), Description("Without corrections.")] int Events,
    [property: JsonPropertyName("corrections")] int Corrections,
    [property: JsonPropertyName("credits")] long Credits,
    [property: JsonPropertyName("cost_pence"), Description("Integer pence; null while no credit price is set for some day.")] long? CostPence,
    [property: JsonPropertyName("saved_report_id"), Description("The PDF of a closed month; null otherwise.")] Guid? SavedReportId,
    [property: JsonPropertyName("pdf_sha256"), Description("Null unless the month is closed.")] string? PdfSha256,
    [property: JsonPropertyName("rows_sha256"), Description("Of the kept rows and totals; null unless the month is closed.")] string? RowsSha256);

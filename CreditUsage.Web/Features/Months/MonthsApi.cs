using System.ComponentModel;
using System.Text.Json.Serialization;
using CreditUsage.Core.Closing;
using CreditUsage.Core.Jobs;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using CreditUsage.Platform;
using CreditUsage.Platform.Api;
using Microsoft.AspNetCore.Mvc;

namespace CreditUsage.Features.Months;

public static class MonthsApi
{
    public static RouteHandlerBuilder DescribeMonths(this RouteHandlerBuilder route) => route
        .WithName("ReadMonths").WithTags("Report").WithSummary("Gives every month with its state and totals, the latest first").Produces<ApiMonths>().ProducesProblem(StatusCodes.Status409Conflict);

    public static RouteHandlerBuilder DescribeClose(this RouteHandlerBuilder route) => route
        .WithName("CloseMonth").WithTags("Report").WithSummary("Closes a month: its rows and PDF are kept, and nothing changes them")
        .WithDescription("A month that is closed already is answered as it is. A long one is closed in the background: read the months until its state is closed.")
        .WithMetadata(new RequestSizeLimitAttribute(JsonBody.MaxBytes)).Accepts<ClosingToSend>("application/json")
        .Produces<ApiMonth>().Produces<ApiMonth>(StatusCodes.Status202Accepted)
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .Produces<ParameterProblem>(StatusCodes.Status422UnprocessableEntity, ApiAnswer.ProblemJson);

    internal static async Task<IResult> ReadAsync([FromServices] MonthsQuery query, CancellationToken cancellation)
    {
        var list = await query.AllAsync(cancellation);
        if (list.Difference is { } difference) throw new UntrustedDataException(StatusCodes.Status409Conflict, difference);
        return TypedResults.Ok(new ApiMonths([.. list.Lines.Select(line => ApiMonth.Of(line, list.Closed.Find(line.Month)))]));
    }

    internal static async Task<IResult> CloseAsync(
        HttpContext context,
        [FromServices] RequestClosing close,
        [FromServices] MonthsQuery query,
        [FromServices] ReportQuery reports,
        [Description("The month, such as 2026-10.")] string month,
        CancellationToken cancellation)
    {
        var sent = await JsonBody.ReadAsync<ClosingToSend>(context.Request, cancellation);
        if (!UsageMonth.TryParse(month, out var wanted) || await query.FindAsync(wanted, cancellation) is not { } facts) return ApiAnswer.Problem(StatusCodes.Status404NotFound, "There is no such month. A GET of the months lists them.");
        if (!MonthNote.TryRead(sent.Note, out var note, out var fault)) return ApiAnswer.WrongParameter("note", fault);
        string? underWay = null;
        try
        {
            if (!facts.Line.State.IsClosed) underWay = await close.RunAsync(wanted, note, cancellation);
        }
        catch (UserFacingException refused) when (refused is not UntrustedDataException)
        {
            return ApiAnswer.Problem(StatusCodes.Status409Conflict, refused.Message);
        }
        await reports.ProveAsync(wanted, cancellation);
        var then = (await query.FindAsync(wanted, cancellation))!;
        return TypedResults.Json(ApiMonth.Of(then.Line, then.Calendar.Closed.Find(wanted)), statusCode: underWay is null ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }
}

/// <summary>No other members are allowed.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ClosingToSend
{
    [JsonPropertyName("note"), Description("Why the month is closed although something recommended is missing on its checklist; at most 200 characters.")]
    public string? Note { get; init; }
}

internal sealed record ApiMonths([property: JsonPropertyName("months")] IReadOnlyList<ApiMonth> Months);

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
    [property: JsonPropertyName("rows_sha256"), Description("Of the kept rows and totals; null unless the month is closed.")] string? RowsSha256)
{
    /// <param name="closing">The version in force; null unless the month is closed.</param>
    public static ApiMonth Of(MonthLine line, MonthClosing? closing) => new(
        line.Month.ToString(), line.State.IsClosed ? "closed" : line.State.InProgress ? "in progress" : "open", closing?.Version, closing?.ClosedAt, line.Events, line.Corrections, line.Credits, line.CostPence,
        closing?.SavedReportId, closing?.PdfSha256, closing?.RowsSha256);
}

using System.ComponentModel;
using System.Text.Json.Serialization;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform;
using CreditUsage.Platform.Api;
using CreditUsage.Platform.Auditing;
using CreditUsage.Platform.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.SavedReports;

public static class SavedReportsApi
{
    private const int Most = 1000;

    public static RouteHandlerBuilder DescribeList(this RouteHandlerBuilder route) => route
        .WithName("ReadSavedReports").WithTags("Report").WithSummary("Gives the saved reports of a month, the latest first")
        .Produces<ApiSavedReports>().Produces<ParameterProblem>(StatusCodes.Status422UnprocessableEntity, ApiAnswer.ProblemJson);

    public static RouteHandlerBuilder DescribePdf(this RouteHandlerBuilder route) => route
        .WithName("ReadSavedReportPdf").WithTags("Report").WithSummary("Gives the PDF of a saved report, byte for byte as it was saved")
        .Produces<Stream>(StatusCodes.Status200OK, "application/pdf").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status410Gone);

    internal static async Task<IResult> ListAsync(
        [FromServices] CreditUsageDb db, [FromServices] AuditReads audit, CancellationToken cancellation, [Description("The month, such as 2026-10.")] string? month = null)
    {
        if (!UsageMonth.TryParse(month, out var wanted)) return ApiAnswer.WrongParameter("month", "Write the month as in month=2026-10.");
        var reports = await db.SavedReports.AsNoTracking().Where(report => report.MonthStart == wanted.Start).OrderByDescending(report => report.SavedAt).ThenByDescending(report => report.Number).Take(Most).ToListAsync(cancellation);
        audit.NoteByApi($"Saved reports of {wanted.Name}");
        return TypedResults.Ok(new ApiSavedReports([.. reports.Select(ApiSavedReport.Of)]));
    }

    internal static async Task<IResult> PdfAsync([FromServices] CreditUsageDb db, [FromServices] ReportFiles files, [FromServices] AuditReads audit, Guid id, CancellationToken cancellation)
    {
        if (await db.SavedReports.AsNoTracking().SingleOrDefaultAsync(report => report.Id == id, cancellation) is not { } saved) return ApiAnswer.Problem(StatusCodes.Status404NotFound, "There is no saved report of this id.");
        if (saved.RemovedAt is not null) return ApiAnswer.Problem(StatusCodes.Status410Gone, $"The file was removed {saved.RemovedBecause}.");
        try
        {
            var content = await files.OpenAsync(saved.Sha256, cancellation);
            audit.NoteByApi($"Saved report {saved.Number} of {UsageMonth.Of(saved.MonthStart).Name}");
            return TypedResults.File(content, "application/pdf", saved.FileName);
        }
        catch (UserFacingException problem)
        {
            return ApiAnswer.Problem(StatusCodes.Status500InternalServerError, problem.Message);
        }
    }
}

internal sealed record ApiSavedReports([property: JsonPropertyName("reports"), Description("At most 1,000.")] IReadOnlyList<ApiSavedReport> Reports);

internal sealed record ApiSavedReport(
    [property: JsonPropertyName("id")] Guid Id,
    [property: JsonPropertyName("number"), Description("Printed on every page.")] int Number,
    [property: JsonPropertyName("version"), Description("The version that the month was closed as, or the number of the draft.")] int Version,
    [property: JsonPropertyName("draft")] bool Draft,
    [property: JsonPropertyName("month")] string Month,
    [property: JsonPropertyName("form"), Description("month or billback.")] string Form,
    [property: JsonPropertyName("rows")] int Rows,
    [property: JsonPropertyName("credits")] long Credits,
    [property: JsonPropertyName("cost_pence"), Description("Integer pence; null where costs were withheld.")] long? CostPence,
    [property: JsonPropertyName("file_name")] string FileName,
    [property: JsonPropertyName("pages")] int Pages,
    [property: JsonPropertyName("size_bytes")] long SizeBytes,
    [property: JsonPropertyName("sha256")] string Sha256,
    [property: JsonPropertyName("saved_by")] string SavedBy,
    [property: JsonPropertyName("saved_at")] DateTimeOffset SavedAt,
    [property: JsonPropertyName("removed_at"), Description("When the file was removed at the end of its retention, or since it named a client who has been anonymised; null while it is there.")] DateTimeOffset? RemovedAt)
{
    public static ApiSavedReport Of(SavedReport report) => new(
        report.Id, report.Number, report.Version, report.Draft, UsageMonth.Of(report.MonthStart).ToString(), report.Form == ReportType.Billback ? "billback" : "month", report.Events, report.Credits, report.CostPence,
        report.FileName, report.Pages, report.SizeBytes, report.Sha256, report.SavedBy, report.SavedAt, report.RemovedAt);
}

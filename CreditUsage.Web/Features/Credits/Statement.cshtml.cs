using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Core.Files;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Platform.Auditing;
using CsvHelper;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Credits;

public sealed class StatementModel(CreditLedger ledger, AuditReads audit) : PageModel
{
    public StatementInput Input { get; private set; } = null!;

    public ReportableMonths Months { get; private set; } = null!;

    public CreditStatement? Statement { get; private set; }

    public IReadOnlyList<Problem> Faults { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation)
    {
        Input = StatementInput.From(Request.Query);
        Months = await ledger.MonthsAsync(cancellation);
        var filter = Input.Validate(Months, out var faults);
        Faults = faults;
        if (filter is null) Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        else Statement = await ledger.StatementOnScreenAsync(filter, cancellation);
        if (filter is not null) audit.Note(AuditAction.View, filter.Month.Name, filter.Audited("page"));
        return Page();
    }
}

/// <summary>A statement as CSV: UTF-8 with BOM, RFC 4180, CRLF. The opening and closing rows name the basis.</summary>
public static class StatementCsv
{
    private static readonly string[] Columns = ["Date (GMT)", "Entry", "Details", "Credits", "Balance"];

    public static async Task<IResult> AnswerAsync(HttpContext context, CreditLedger ledger, AuditReads reads, CancellationToken cancellation)
    {
        if (StatementInput.From(context.Request.Query).Validate(await ledger.MonthsAsync(cancellation), out var faults) is not { } filter)
            return TypedResults.Problem(faults[0].Message, statusCode: StatusCodes.Status422UnprocessableEntity, title: "There is a problem");
        if (HttpMethods.IsGet(context.Request.Method)) reads.Note(AuditAction.Export, filter.Month.Name, filter.Audited("CSV"));
        var statement = await ledger.StatementAsync(filter, cancellation);
        return TypedResults.Stream(stream => WriteAsync(stream, statement, cancellation), "text/csv; charset=utf-8", filter.FileName("csv"));
    }

    private static async Task WriteAsync(Stream stream, CreditStatement statement, CancellationToken cancellation)
    {
        await using var csv = CsvWriter.Create(stream, CsvWriterOptions.Default with { WriteByteOrderMark = true }, leaveOpen: true);
        foreach (var column in Columns) csv.WriteField(column);
        await csv.EndRecordAsync(cancellation);
        var (month, basis) = (statement.Filter.Month, statement.Filter.BasisLabel);
        await WriteAsync(csv, month.Start, "Opening balance", basis, null, statement.Opening, cancellation);
        foreach (var row in statement.Rows) await WriteAsync(csv, row.Day, row.LineLabel, row.Details, row.Credits, row.Balance, cancellation);
        await WriteAsync(csv, month.End.AddDays(-1), statement.State.InProgress ? "Closing balance so far" : "Closing balance", basis, null, statement.Closing, cancellation);
    }

    private static async Task WriteAsync(CsvWriter csv, DateOnly day, string entry, string details, long? credits, long balance, CancellationToken cancellation)
    {
        csv.WriteField(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        csv.WriteField(entry);
        csv.WriteField(SpreadsheetText.Defused(details));
        csv.WriteField(credits?.ToString(CultureInfo.InvariantCulture) ?? "");
        csv.WriteField(balance.ToString(CultureInfo.InvariantCulture));
        await csv.EndRecordAsync(cancellation);
    }
}

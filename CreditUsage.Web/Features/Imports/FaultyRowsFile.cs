using CreditUsage.Core.Files;
using CreditUsage.Core.Intake;
using CreditUsage.Core.Tables;
using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using CreditUsage.Platform.Auditing;
using CreditUsage.Platform.Storage;
using CsvHelper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CreditUsage.Features.Imports;

/// <summary>The rows of an uploaded file as they stand there, with what is wrong in a last column: all of them, to be corrected and uploaded again, or those with errors.</summary>
public static class FaultyRowsFile
{
    /// <summary>A column that is not known, and so left out when the file comes back.</summary>
    public const string Reason = "What is wrong";

    public static async Task<Results<FileStreamHttpResult, NotFound>> AnswerAsync(
        Guid id, bool? all, CreditUsageDb db, ImportFiles files, OpenTableFile open, IOptions<CreditUsageOptions> options, AuditReads audit, CancellationToken cancellation)
    {
        if (!await db.UsageImports.AnyAsync(import => import.Id == id, cancellation)) return TypedResults.NotFound();
        await using var list = await files.OpenAsync(id, ImportFileKind.Faults, cancellation);
        await using var upload = await files.OpenAsync(id, ImportFileKind.Upload, cancellation);
        if (list is null || upload is null) return TypedResults.NotFound();
        await using var file = await open.RunAsync(upload, cancellation);
        // The server writes an answer asynchronously, a CSV is not written so.
        var rows = ScratchFile.Create(options.Value.DataFolder);
        await WriteAsync(file, list, all ?? false, rows, cancellation);
        rows.Position = 0;
        audit.Note(AuditAction.Export, "Imports", $"Rows with errors of import {id}");
        return TypedResults.Stream(rows, "text/csv; charset=utf-8", $"Import rows with errors {id:N}.csv");
    }

    /// <param name="list">In the order of lines.</param>
    private static async Task WriteAsync(TableFile file, Stream list, bool all, Stream body, CancellationToken cancellation)
    {
        await using var csv = CsvWriter.Create(body, CsvWriterOptions.Default with { WriteByteOrderMark = true, ValidateFieldCount = false }, leaveOpen: true);
        await using var faults = FaultList.ReadAsync(list, cancellation).GetAsyncEnumerator(cancellation);
        var (more, head, earlier, width) = (await faults.MoveNextAsync(), true, -1, 0);
        await foreach (var (line, fields, _) in TableRows.ReadAsync(file, cancellation))
        {
            var reasons = new List<string>();
            if (head) (earlier, width) = (fields.ToList().IndexOf(Reason), fields.Count);
            for (; !head && more && faults.Current.Line <= line; more = await faults.MoveNextAsync())
                if (faults.Current.Line == line) reasons.Add($"{faults.Current.Field}: {faults.Current.Message}");
            if (all || head || reasons.Count > 0) Write(csv, fields.Concat(Enumerable.Repeat("", Math.Max(0, width - fields.Count))).Where((_, at) => at != earlier), head ? Reason : string.Join(' ', reasons));
            head = false;
        }
    }

    private static void Write(CsvWriter csv, IEnumerable<string> fields, string reason)
    {
        foreach (var field in fields) csv.WriteField(SpreadsheetText.Defused(field));
        csv.WriteField(SpreadsheetText.Defused(reason));
        csv.EndRecord();
    }
}

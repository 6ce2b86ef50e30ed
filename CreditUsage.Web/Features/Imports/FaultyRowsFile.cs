using CreditUsage.Core.Files;
using CreditUsage.Core.Intake;
using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Auditing;
using CsvHelper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Imports;

/// <summary>The rows of an uploaded file as they stand there, with what is wrong in a last column: all of them, to be corrected and uploaded again, or those with errors.</summary>
public static class FaultyRowsFile
{
    /// <summary>A column that is not known, and so left out when the file comes back.</summary>
    public const string Reason = "What is wrong";

    public static async Task<Results<PushStreamHttpResult, NotFound>> AnswerAsync(Guid id, bool? all, CreditUsageDb db, ImportFiles files, OpenUsageFile open, AuditReads audit, CancellationToken cancellation)
    {
        if (!await db.UsageImports.AnyAsync(import => import.Id == id, cancellation)) return TypedResults.NotFound();
        var list = await files.OpenAsync(id, ImportFileKind.Faults, cancellation);
        var upload = list is null ? null : await files.OpenAsync(id, ImportFileKind.Upload, cancellation);
        if (upload is null)
        {
            if (list is not null) await list.DisposeAsync();
            return TypedResults.NotFound();
        }
        audit.Note(AuditAction.Export, "Imports", $"Rows with errors of import {id}");
        return TypedResults.Stream(async body =>
        {
            await using (list)
            await using (upload)
            await using (var file = await open.RunAsync(upload, cancellation)) await WriteAsync(file, list!, all ?? false, body, cancellation);
        }, "text/csv; charset=utf-8", $"Import rows with errors {id:N}.csv");
    }

    /// <param name="list">In the order of lines.</param>
    private static async Task WriteAsync(UsageFile file, Stream list, bool all, Stream body, CancellationToken cancellation)
    {
        await using var csv = CsvWriter.Create(body, CsvWriterOptions.Default with { WriteByteOrderMark = true }, leaveOpen: true);
        await using var faults = FaultList.ReadAsync(list, cancellation).GetAsyncEnumerator(cancellation);
        var (more, head, earlier) = (await faults.MoveNextAsync(), true, -1);
        await foreach (var (line, fields) in UsageCsvFile.FieldsAsync(file, cancellation))
        {
            var reasons = new List<string>();
            if (head) earlier = fields.ToList().IndexOf(Reason);
            for (; !head && more && faults.Current.Line <= line; more = await faults.MoveNextAsync())
                if (faults.Current.Line == line) reasons.Add($"{faults.Current.Field}: {faults.Current.Message}");
            if (all || head || reasons.Count > 0) Write(csv, fields.Where((_, at) => at != earlier), head ? Reason : string.Join(' ', reasons));
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

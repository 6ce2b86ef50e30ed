using System.Globalization;
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

/// <summary>The rows of a file that equal recorded events in all but their id, as CSV: to be looked at, and to be left out.</summary>
public static class DoublesFile
{
    public static async Task KeepAsync(ImportFiles files, Guid id, IReadOnlyList<DoubleRow> doubles, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(doubles);
        await using (var csv = CsvWriter.Create(files.Receive(id, ImportFileKind.Doubles), CsvWriterOptions.Default with { WriteByteOrderMark = true }))
        {
            Write(csv, "Line", "Event", "Equals the recorded event");
            foreach (var row in doubles) Write(csv, row.Line.ToString(CultureInfo.InvariantCulture), SpreadsheetText.Defused(row.EventId), SpreadsheetText.Defused(row.Recorded));
        }
        await files.KeepAsync(id, ImportFileKind.Doubles, cancellation);
    }

    /// <summary>The lines of the file that the last check listed.</summary>
    public static async Task<IReadOnlySet<int>> LinesAsync(ImportFiles files, Guid id, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(files);
        var lines = new HashSet<int>();
        if (await files.OpenAsync(id, ImportFileKind.Doubles, cancellation) is not { } list) return lines;
        await using var csv = CsvReader.Create(list, CsvReaderOptions.Default);
        await csv.ReadHeaderAsync(cancellation);
        while (await csv.ReadAsync(cancellation)) lines.Add(int.Parse(csv.GetString(0), CultureInfo.InvariantCulture));
        return lines;
    }

    public static async Task<Results<FileStreamHttpResult, NotFound>> AnswerAsync(Guid id, CreditUsageDb db, ImportFiles files, AuditReads audit, CancellationToken cancellation)
    {
        if (!await db.UsageImports.AnyAsync(import => import.Id == id, cancellation) || await files.OpenAsync(id, ImportFileKind.Doubles, cancellation) is not { } list) return TypedResults.NotFound();
        audit.Note(AuditAction.Export, "Imports", $"Doubles of import {id}");
        return TypedResults.Stream(list, "text/csv; charset=utf-8", $"Import doubles {id:N}.csv");
    }

    private static void Write(CsvWriter csv, params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields) csv.WriteField(field);
        csv.EndRecord();
    }
}

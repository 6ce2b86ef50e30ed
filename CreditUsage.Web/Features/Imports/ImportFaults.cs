using System.Globalization;
using System.Runtime.CompilerServices;
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

/// <summary>Writes the faults of a file as CSV: UTF-8 with BOM, RFC 4180, CRLF, nothing that a spreadsheet takes for a formula.</summary>
public sealed class FaultList : IAsyncDisposable
{
    private readonly CsvWriter _csv;

    /// <param name="file">Disposed with the list.</param>
    public FaultList(Stream file)
    {
        _csv = CsvWriter.Create(file, CsvWriterOptions.Default with { WriteByteOrderMark = true });
        Write("Line", "Column", "What is wrong");
    }

    public void Add(RowError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        Write(error.Line.ToString(CultureInfo.InvariantCulture), error.Field, SpreadsheetText.Defused(error.Message));
    }

    public ValueTask DisposeAsync() => _csv.DisposeAsync();

    /// <param name="list">Disposed with it.</param>
    public static async IAsyncEnumerable<RowError> ReadAsync(Stream list, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var csv = CsvReader.Create(list, CsvReaderOptions.Default);
        await csv.ReadHeaderAsync(cancellation);
        while (await csv.ReadAsync(cancellation))
            yield return new RowError(int.Parse(csv.GetString(0), CultureInfo.InvariantCulture), csv.GetString(1), csv.GetString(2));
    }

    private void Write(params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields) _csv.WriteField(field);
        _csv.EndRecord();
    }
}

/// <summary>The faults of a file by line: the first are listed, all are counted.</summary>
public sealed class ImportFaults(Action<RowError>? write = null)
{
    public const int MaxListed = 1000;

    private readonly List<RowError> _listed = [];
    private readonly List<RowError> _waiting = [];

    public int Count { get; private set; }

    public IReadOnlyList<RowError> Listed => _listed;

    public void Add(int line, IReadOnlyList<UsageFault> faults) => _waiting.AddRange(faults.Select(fault => new RowError(line, fault.Field, fault.Message)));

    public void Add(IReadOnlyList<(int Line, UsageFault Fault)> conflicts) => _waiting.AddRange(conflicts.Select(conflict => new RowError(conflict.Line, conflict.Fault.Field, conflict.Fault.Message)));

    /// <summary>Call it once all faults so far have been added: conflicts are found later than a line's own faults.</summary>
    public void Settle()
    {
        foreach (var fault in _waiting.OrderBy(fault => fault.Line))
        {
            if (++Count <= MaxListed) _listed.Add(fault);
            write?.Invoke(fault);
        }
        _waiting.Clear();
    }
}

/// <param name="Field">The column's name; "row" where the line cannot be split into its fields.</param>
public sealed record RowError(int Line, string Field, string Message);

public static class ImportFaultsFile
{
    public static async Task<Results<FileStreamHttpResult, NotFound>> AnswerAsync(Guid id, CreditUsageDb db, ImportFiles files, AuditReads audit, CancellationToken cancellation)
    {
        // The row is checked first: it belongs to the subscription, a file in the data folder to nobody.
        if (!await db.UsageImports.AnyAsync(import => import.Id == id, cancellation) || await files.OpenAsync(id, ImportFileKind.Faults, cancellation) is not { } list) return TypedResults.NotFound();
        audit.Note(AuditAction.Export, "Imports", $"Errors of import {id}");
        return TypedResults.Stream(list, "text/csv; charset=utf-8", $"Import errors {id:N}.csv");
    }
}

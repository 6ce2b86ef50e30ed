using System.Runtime.CompilerServices;
using CreditUsage.Core;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using CsvHelper;

namespace CreditUsage.Features.Imports;

/// <summary>Reads the CSV of domain.md row by row, with the line each row begins on; does not validate values.</summary>
public static class UsageCsvFile
{
    /// <summary>Ends the search for the end of a quote that was never closed.</summary>
    private const int MaxRowBytes = 64 * 1024;

    private const int MaxFieldBytes = 4 * 1024;

    /// <param name="mapping">Null for a file with the columns and values of domain.md.</param>
    /// <param name="leftOut">Receives what of the file is no event.</param>
    /// <exception cref="ColumnsNeededException">There is no mapping, and the columns are not those of domain.md.</exception>
    /// <exception cref="UserFacingException">The file is not CSV with the columns of the mapping, or has no rows.</exception>
    public static async IAsyncEnumerable<UsageCsvRow> ReadAsync(UsageFile file, ColumnMapping? mapping, LeftOut leftOut, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(leftOut);
        CsvMalformedReason? malformed = null;
        await using var csv = Open(file, record => malformed = record.Reason);
        await ReadHeaderAsync(csv, cancellation);
        var columns = new UsageColumns(csv.Headers, file.Format, mapping);
        foreach (var name in columns.Unknown()) leftOut.Columns.Add(name);
        var (any, before) = (false, file.Format.SeparatorLine ? 1 : 0);
        while (await ReadRowAsync(csv, cancellation))
        {
            if (malformed is null && IsEmpty(csv))
            {
                leftOut.EmptyRows++;
                continue;
            }
            any = true;
            yield return Row(csv, columns, malformed, before);
            malformed = null;
        }
        if (!any) throw new UserFacingException("The file has no events below its column names.");
    }

    /// <summary>The heads and the rows as they stand in the file, with the line that each begins on; empty rows are left out.</summary>
    /// <exception cref="UserFacingException">The file has no heads.</exception>
    public static async IAsyncEnumerable<(int Line, IReadOnlyList<string> Fields)> FieldsAsync(UsageFile file, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        await using var csv = Open(file, _ => { });
        await ReadHeaderAsync(csv, cancellation);
        var before = file.Format.SeparatorLine ? 1 : 0;
        yield return (1 + before, csv.Headers);
        while (await ReadRowAsync(csv, cancellation))
            if (!IsEmpty(csv)) yield return ((int)csv.LineNumber + before, [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)]);
    }

    private static CsvReader Open(UsageFile file, Action<CsvMalformedRecord> malformed) => CsvReader.Create(file.Text, new CsvReaderOptions
    {
        Separator = file.Format.Separator,
        TrackLineNumbers = true,
        MaxRecordSize = MaxRowBytes,
        OnMalformedRecord = malformed,
    }, leaveOpen: true);

    private static async Task ReadHeaderAsync(CsvReader csv, CancellationToken cancellation)
    {
        try
        {
            await csv.ReadHeaderAsync(cancellation);
        }
        catch (CsvFormatException problem)
        {
            throw new UserFacingException("The first line must be column names, separated by commas, semicolons or tabs.", problem);
        }
        if (csv.Headers.Count == 0) throw new UserFacingException("The file is empty. It needs column names in the first line and one line for each event.");
    }

    private static async ValueTask<bool> ReadRowAsync(CsvReader csv, CancellationToken cancellation)
    {
        try
        {
            return await csv.ReadAsync(cancellation);
        }
        catch (CsvFormatException problem)
        {
            throw new UserFacingException($"The row on line {problem.LineNumber} is longer than {MaxRowBytes} bytes. Look for a quote that is not closed.", problem);
        }
    }

    /// <summary>Spreadsheets write rows of nothing but commas below what was typed.</summary>
    private static bool IsEmpty(CsvReader csv)
    {
        for (var field = 0; field < csv.FieldCount; field++)
            if (!string.IsNullOrWhiteSpace(csv.GetString(field))) return false;
        return true;
    }

    private static string? TooLong(CsvReader csv, UsageColumns columns)
    {
        if (csv.RawRecord.Length <= MaxFieldBytes) return null;
        for (var field = 0; field < UsageInput.Fields.Count; field++)
            if (columns[field] is { } at && csv.GetSpan(at).Length > MaxFieldBytes) return UsageInput.Fields[field];
        return null;
    }

    private static UsageCsvRow Row(CsvReader csv, UsageColumns columns, CsvMalformedReason? malformed, int before)
    {
        var line = (int)csv.LineNumber + before;
        if (malformed == CsvMalformedReason.UnterminatedQuote) return new(line, null, "A quote is not closed; close it, or double it if it is part of the text.");
        if (malformed is not null) return new(line, null, "A quote is in the wrong place; put the whole field in quotes and double those inside.");
        if (csv.FieldCount != columns.Count)
            return new(line, null, $"This line has {Display.Count(csv.FieldCount, "field", "fields")} where the first has {columns.Count}; look for a missing {columns.SeparatorName}, or a field with a {columns.SeparatorName} that needs quotes.");
        if (TooLong(csv, columns) is { } field) return new(line, null, $"This has more than {MaxFieldBytes} bytes; shorten it.", field);
        return new(line, columns.Read(csv.GetString), null);
    }
}

/// <param name="Line">The line of the file that the row begins on, from 1.</param>
public sealed record UsageCsvRow(int Line, UsageInput? Input, string? Fault, string Field = "row");

/// <summary>Nothing says which columns of the file are meant.</summary>
public sealed class ColumnsNeededException(string message) : UserFacingException(message);

using System.Runtime.CompilerServices;
using CreditUsage.Platform;
using CsvHelper;

namespace CreditUsage.Core.Tables;

/// <summary>Splits a file into its rows and fields; says nothing about their values.</summary>
public static class TableRows
{
    public const int MaxFieldBytes = 4 * 1024;

    public const string TooLong = "This has more than 4096 bytes; shorten it.";

    /// <summary>Ends the search for the end of a quote that was never closed.</summary>
    private const int MaxRowBytes = 64 * 1024;

    /// <summary>The heads, then the rows, as they stand in the file; empty rows are left out.</summary>
    /// <exception cref="UserFacingException">The file has no heads, or a row without an end.</exception>
    public static async IAsyncEnumerable<TableRow> ReadAsync(TableFile file, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        CsvMalformedReason? malformed = null;
        await using var csv = Open(file, record => malformed = record.Reason);
        await ReadHeaderAsync(csv, cancellation);
        yield return new TableRow(Line(csv, file, heads: true), csv.Headers, null);
        while (await ReadRowAsync(csv, cancellation))
        {
            if (malformed is not null || !IsEmpty(csv))
                yield return new TableRow(Line(csv, file), [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)], FaultOf(csv, malformed, csv.Headers.Count, file.Format.SeparatorName));
            malformed = null;
        }
    }

    public static CsvReader Open(TableFile file, Action<CsvMalformedRecord> malformed)
    {
        ArgumentNullException.ThrowIfNull(file);
        return CsvReader.Create(file.Text, new CsvReaderOptions
        {
            Separator = file.Format.Separator,
            TrackLineNumbers = true,
            MaxRecordSize = MaxRowBytes,
            OnMalformedRecord = malformed,
        }, leaveOpen: true);
    }

    public static async Task ReadHeaderAsync(CsvReader csv, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(csv);
        try
        {
            await csv.ReadHeaderAsync(cancellation);
        }
        catch (CsvFormatException problem)
        {
            throw new UserFacingException("The first line must be column names, separated by commas, semicolons or tabs.", problem);
        }
        if (csv.Headers.Count == 0) throw new UserFacingException(FileContent.Empty);
    }

    public static async ValueTask<bool> ReadRowAsync(CsvReader csv, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(csv);
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
    public static bool IsEmpty(CsvReader csv)
    {
        ArgumentNullException.ThrowIfNull(csv);
        for (var field = 0; field < csv.FieldCount; field++)
            if (!string.IsNullOrWhiteSpace(csv.GetString(field))) return false;
        return true;
    }

    /// <summary>The line of the file that a row begins on, from 1.</summary>
    public static int Line(CsvReader csv, TableFile file, bool heads = false)
    {
        ArgumentNullException.ThrowIfNull(csv);
        ArgumentNullException.ThrowIfNull(file);
        return (heads ? 1 : (int)csv.LineNumber) + (file.Format.SeparatorLine ? 1 : 0);
    }

    /// <summary>Why a row cannot be split into the fields that the heads name; null where it can.</summary>
    public static string? FaultOf(CsvReader csv, CsvMalformedReason? malformed, int columns, string separator)
    {
        ArgumentNullException.ThrowIfNull(csv);
        if (malformed == CsvMalformedReason.UnterminatedQuote) return "A quote is not closed; close it, or double it if it is part of the text.";
        if (malformed is not null) return "A quote is in the wrong place; put the whole field in quotes and double those inside.";
        return csv.FieldCount == columns ? null
            : $"This line has {Display.Count(csv.FieldCount, "field", "fields")} where the first has {columns}; look for a missing {separator}, or a field with a {separator} that needs quotes.";
    }
}

/// <param name="Line">The line of the file that the row begins on, from 1.</param>
/// <param name="Fault">Why it cannot be split into the fields that the heads name; null where it can.</param>
public sealed record TableRow(int Line, IReadOnlyList<string> Fields, string? Fault);

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

    /// <param name="leftOut">Receives what of the file is no event.</param>
    /// <exception cref="UserFacingException">The file is not CSV with the columns of domain.md, or has no rows.</exception>
    public static async IAsyncEnumerable<UsageCsvRow> ReadAsync(Stream stream, LeftOut leftOut, [EnumeratorCancellation] CancellationToken cancellation)
    {
        CsvMalformedReason? malformed = null;
        await using var csv = CsvReader.Create(stream, new CsvReaderOptions
        {
            Separator = ',',
            TrackLineNumbers = true,
            MaxRecordSize = MaxRowBytes,
            OnMalformedRecord = record => malformed = record.Reason,
        }, leaveOpen: true);
        await ReadHeaderAsync(csv, cancellation);
        var columns = Columns(csv.Headers);
        foreach (var name in Unknown(csv.Headers)) leftOut.Columns.Add(name);
        var any = false;
        while (await ReadRowAsync(csv, cancellation))
        {
            if (malformed is null && IsEmpty(csv))
            {
                leftOut.EmptyRows++;
                continue;
            }
            any = true;
            yield return Row(csv, columns, malformed);
            malformed = null;
        }
        if (!any) throw new UserFacingException("The file has no events below its column names.");
    }

    private static async Task ReadHeaderAsync(CsvReader csv, CancellationToken cancellation)
    {
        try
        {
            await csv.ReadHeaderAsync(cancellation);
        }
        catch (CsvFormatException problem)
        {
            throw new UserFacingException("The first line must be column names separated by commas.", problem);
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

    /// <summary>The position of each field of <see cref="UsageInput"/> in the first line, then the number of columns.</summary>
    private static int[] Columns(IReadOnlyList<string> header)
    {
        var names = header.Select(name => name.Trim().ToLowerInvariant()).ToList();
        if (names.Count == 1 && names[0].AsSpan().IndexOfAny(';', '\t') >= 0)
            throw new UserFacingException("The columns are not separated by commas. Save the file as CSV with commas.");
        var missing = UsageInput.Fields.Where(field => !names.Contains(field)).ToList();
        if (missing.Count > 0) throw new UserFacingException($"The first line lacks the column {string.Join(", ", missing)}. It must be: {string.Join(',', UsageInput.Fields)}");
        var twice = UsageInput.Fields.FirstOrDefault(field => names.Count(name => name == field) > 1);
        if (twice is not null) throw new UserFacingException($"The first line names the column {twice} twice. Name it once.");
        return [.. UsageInput.Fields.Select(field => names.IndexOf(field)), names.Count];
    }

    private static IEnumerable<string> Unknown(IReadOnlyList<string> header) => header
        .Select((name, at) => (Name: name.Trim(), Number: at + 1)).Where(column => !UsageInput.Fields.Contains(column.Name.ToLowerInvariant()))
        .Select(column => RecordedName.TryNormalise(column.Name, out var name, out _) && name.Length > 0 ? name : $"number {column.Number}");

    /// <summary>Spreadsheets write rows of nothing but commas below what was typed.</summary>
    private static bool IsEmpty(CsvReader csv)
    {
        for (var field = 0; field < csv.FieldCount; field++)
            if (!string.IsNullOrWhiteSpace(csv.GetString(field))) return false;
        return true;
    }

    private static string? TooLong(CsvReader csv, int[] columns)
    {
        if (csv.RawRecord.Length <= MaxFieldBytes) return null;
        for (var field = 0; field < UsageInput.Fields.Count; field++)
            if (csv.GetSpan(columns[field]).Length > MaxFieldBytes) return UsageInput.Fields[field];
        return null;
    }

    private static UsageCsvRow Row(CsvReader csv, int[] columns, CsvMalformedReason? malformed)
    {
        var line = (int)csv.LineNumber;
        if (malformed == CsvMalformedReason.UnterminatedQuote) return new(line, null, "A quote is not closed; close it, or double it if it is part of the text.");
        if (malformed is not null) return new(line, null, "A quote is in the wrong place; put the whole field in quotes and double those inside.");
        if (csv.FieldCount != columns[^1])
            return new(line, null, $"This line has {Display.Count(csv.FieldCount, "field", "fields")} where the first has {columns[^1]}; look for a missing comma, or a field with a comma that needs quotes.");
        if (TooLong(csv, columns) is { } field) return new(line, null, $"This has more than {MaxFieldBytes} bytes; shorten it.", field);
        return new(line, new UsageInput(
            csv.GetString(columns[0]), csv.GetString(columns[1]), csv.GetString(columns[2]), csv.GetString(columns[3]), csv.GetString(columns[4]),
            csv.GetString(columns[5]), csv.GetString(columns[6]), csv.GetString(columns[7]), csv.GetString(columns[8]), csv.GetString(columns[9]),
            csv.GetString(columns[10]), csv.GetString(columns[11]), csv.GetString(columns[12])), null);
    }
}

/// <param name="Line">The line of the file that the row begins on, from 1.</param>
public sealed record UsageCsvRow(int Line, UsageInput? Input, string? Fault, string Field = "row");

/// <summary>Recognises a file by its first bytes, since its name and type are only the sender's word.</summary>
public static class FileContent
{
    private const int InspectedBytes = 512;
    private const string Instead = "It must be comma-separated UTF-8 text with column names in the first line.";

    private static readonly (byte[] Start, string What)[] Known =
    [
        ([0xFF, 0xFE], "is in UTF-16; choose CSV UTF-8 when you save it"),
        ([0xFE, 0xFF], "is in UTF-16; choose CSV UTF-8 when you save it"),
        ([0x1F, 0x8B], "is compressed with gzip; unpack it first"),
        ("PK\u0003\u0004"u8.ToArray(), "is an Excel workbook or a ZIP archive; save the sheet as CSV UTF-8"),
        ([0xD0, 0xCF, 0x11, 0xE0], "is an Excel workbook; save the sheet as CSV UTF-8"),
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], "is an image"),
        ([0xFF, 0xD8, 0xFF], "is an image"),
        ("%PDF"u8.ToArray(), "is a PDF"),
        ("MZ"u8.ToArray(), "is a program"),
        ("<"u8.ToArray(), "is a web page or XML"),
    ];

    /// <summary>Reads the first bytes and rewinds; a stream that cannot seek is not inspected.</summary>
    /// <exception cref="UserFacingException">The file is not text.</exception>
    public static async Task CheckAsync(Stream stream, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek) return;
        var (start, from) = (new byte[InspectedBytes], stream.Position);
        var bytes = start.AsMemory(0, await stream.ReadAtLeastAsync(start, InspectedBytes, throwOnEndOfStream: false, cancellation));
        stream.Position = from;
        if (WhatOf(bytes.Span) is { } what) throw new UserFacingException($"The file {what}. {Instead}");
    }

    private static string? WhatOf(ReadOnlySpan<byte> bytes)
    {
        foreach (var (start, what) in Known)
            if (bytes.StartsWith(start)) return what;
        // A NUL in a name is reported with its line; a NUL in the first line means that the file is not text.
        var firstLine = bytes.IndexOfAny((byte)'\n', (byte)'\r') is var end and >= 0 ? bytes[..end] : bytes;
        return firstLine.Contains((byte)0) ? "is not text" : null;
    }
}

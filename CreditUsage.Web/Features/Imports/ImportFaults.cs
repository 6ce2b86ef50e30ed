using System.Globalization;
using CreditUsage.Core.Files;
using CsvHelper;

namespace CreditUsage.Features.Imports;

/// <summary>What is wrong with a file, as CSV: UTF-8 with BOM, RFC 4180, CRLF, with nothing in it that a spreadsheet takes for a formula.</summary>
public sealed class FaultList : IAsyncDisposable
{
    private readonly CsvWriter _csv;

    /// <param name="file">Closed at the end.</param>
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

    /// <summary>All of it is in the file then.</summary>
    public ValueTask DisposeAsync() => _csv.DisposeAsync();

    /// <summary>The first of a list, read back.</summary>
    public static async Task<IReadOnlyList<RowError>> ReadAsync(string path, int most, CancellationToken cancellation)
    {
        var errors = new List<RowError>();
        await using var csv = CsvReader.Create(File.OpenRead(path), CsvReaderOptions.Default);
        await csv.ReadHeaderAsync(cancellation);
        while (errors.Count < most && await csv.ReadAsync(cancellation))
            errors.Add(new RowError(int.Parse(csv.GetString(0), CultureInfo.InvariantCulture), csv.GetString(1), csv.GetString(2)));
        return errors;
    }

    private void Write(params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields) _csv.WriteField(field);
        _csv.EndRecord();
    }
}

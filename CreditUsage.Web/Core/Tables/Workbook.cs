using System.Globalization;
using System.IO.Compression;
using System.Xml;
using CreditUsage.Platform;
using CsvHelper;
using MiniExcelLibs;
using MiniExcelLibs.OpenXml;

namespace CreditUsage.Core.Tables;

/// <summary>Writes the first sheet of an Excel workbook as CSV, a line for each row: dates as ISO, numbers with a decimal point, of formulas their values.</summary>
public static class Workbook
{
    private const int MostEntries = 1000;
    private const int MostColumns = 100;
    private const long MostBytes = 1024L * 1024 * 1024;

    /// <summary>Of the texts that are held in memory while the sheet is read.</summary>
    private const long MostTextBytes = 128L * 1024 * 1024;

    private static readonly OpenXmlConfiguration Reading = new() { EnableSharedStringCache = false, Culture = CultureInfo.InvariantCulture };

    /// <param name="workbook">Can seek.</param>
    /// <param name="most">Rows that are written at most, the column names among them.</param>
    /// <returns>The rows that were written.</returns>
    /// <exception cref="UserFacingException">It is another archive, is too large when unpacked, has macros or is damaged.</exception>
    public static async Task<int> WriteCsvAsync(Stream workbook, Stream csv, int most, CancellationToken cancellation)
    {
        try
        {
            await CheckAsync(workbook, cancellation);
            workbook.Position = 0;
            return await WriteRowsAsync(workbook, csv, most, cancellation);
        }
        catch (Exception problem) when (problem is InvalidDataException or XmlException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException or NullReferenceException or OverflowException)
        {
            throw new UserFacingException("The workbook is damaged. Open it in a spreadsheet program and save it again, or save the sheet as CSV.", problem);
        }
    }

    /// <summary>Unpacks every part to count its bytes: what an archive says of its sizes is only its sender's word.</summary>
    private static async Task CheckAsync(Stream workbook, CancellationToken cancellation)
    {
        await using var archive = new ZipArchive(workbook, ZipArchiveMode.Read, leaveOpen: true);
        if (archive.GetEntry("xl/workbook.xml") is null) throw new UserFacingException("The file is a ZIP archive, not an Excel workbook. Unpack it first.");
        if (archive.GetEntry("xl/vbaProject.bin") is not null) throw new UserFacingException("The workbook has macros. Save it as .xlsx, without them.");
        if (archive.Entries.Count > MostEntries) throw TooLarge();
        var (buffer, all) = (new byte[81920], 0L);
        foreach (var entry in archive.Entries.Where(entry => entry.FullName.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)))
        {
            var texts = entry.FullName.Equals("xl/sharedStrings.xml", StringComparison.OrdinalIgnoreCase);
            await using var part = await entry.OpenAsync(cancellation);
            for (long bytes = 0, read; (read = await part.ReadAsync(buffer, cancellation)) > 0;)
                if ((bytes += read) > (texts ? MostTextBytes : MostBytes) || (all += read) > MostBytes) throw TooLarge();
        }
    }

    private static UserFacingException TooLarge() => new("The workbook is too large when it is unpacked. Save the sheet as CSV, or split it.");

    private static async Task<int> WriteRowsAsync(Stream workbook, Stream csv, int most, CancellationToken cancellation)
    {
        await using var writer = CsvWriter.Create(csv, CsvWriterOptions.Default with { ValidateFieldCount = false }, leaveOpen: true);
        var written = 0;
        foreach (IDictionary<string, object?> row in workbook.Query(useHeaderRow: false, excelType: ExcelType.XLSX, configuration: Reading))
        {
            cancellation.ThrowIfCancellationRequested();
            if (row.Count > MostColumns) throw new UserFacingException($"The sheet has more than {MostColumns} columns. Save what is to be imported in a sheet of its own.");
            foreach (var cell in row.Values) writer.WriteField(Text(cell));
            writer.EndRecord();
            if (++written == most) break;
        }
        return written;
    }

    // Spreadsheets show fifteen digits: the sixteenth comes from their arithmetic.
    private static string Text(object? cell) => cell switch
    {
        null => "",
        double number => number.ToString("G15", CultureInfo.InvariantCulture) is var text && text.Contains('E', StringComparison.Ordinal) ? ((decimal)number).ToString(CultureInfo.InvariantCulture) : text,
        DateTime moment => moment.ToString("yyyy-MM-dd HH:mm:ss.FFF", CultureInfo.InvariantCulture),
        string text => text.ReplaceLineEndings(" "),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };
}

using System.IO.Compression;
using System.Text;

namespace CreditUsage.Core.Files.Xlsx;

/// <summary>
/// A workbook that goes out while it is written, sheet after sheet. MiniExcel, which the architecture names, keeps no value with a
/// formula, so that totals would be empty wherever the file is shown without calculating; this is all that the report needs.
/// </summary>
/// <param name="stream">Where it goes; need not be able to seek. The ends of parts are written synchronously.</param>
internal sealed class XlsxBook(Stream stream) : IAsyncDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private readonly List<string> _sheets = [];
    private ZipArchive? _zip;

    /// <summary>Writes a sheet as a whole.</summary>
    /// <param name="name">Letters alone.</param>
    /// <param name="widths">Of its columns, in characters; 0 for a hidden one.</param>
    /// <param name="headed">Whether the first row stays in sight.</param>
    public async Task AddAsync(string name, IReadOnlyList<int> widths, bool headed, Func<XlsxSheet, Task> write, CancellationToken cancellation)
    {
        _sheets.Add(name);
        await using var xml = await PartAsync($"xl/worksheets/sheet{_sheets.Count}.xml", cancellation);
        var sheet = new XlsxSheet(xml);
        sheet.Begin(widths, headed);
        await write(sheet);
        await sheet.EndAsync(cancellation);
    }

    /// <summary>What holds the sheets together. Without it the file is none, so that one that broke off opens nowhere.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        await AddPartAsync("xl/styles.xml", XlsxParts.Styles, cancellation);
        await AddPartAsync("xl/workbook.xml", XlsxParts.Workbook(_sheets), cancellation);
        await AddPartAsync("xl/_rels/workbook.xml.rels", XlsxParts.WorkbookRels(_sheets), cancellation);
        await AddPartAsync("_rels/.rels", XlsxParts.PackageRels, cancellation);
        await AddPartAsync("[Content_Types].xml", XlsxParts.ContentTypes(_sheets), cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_zip is not null) await _zip.DisposeAsync();
    }

    private async Task AddPartAsync(string name, string content, CancellationToken cancellation)
    {
        await using var part = await PartAsync(name, cancellation);
        await part.WriteAsync(content.AsMemory(), cancellation);
    }

    private async Task<StreamWriter> PartAsync(string name, CancellationToken cancellation)
    {
        _zip ??= await ZipArchive.CreateAsync(stream, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellation);
        return new StreamWriter(await _zip.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(cancellation), Utf8);
    }
}

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

/// <summary>The parts of a workbook that are the same in each: what is in it, where, and how cells look (ECMA-376, parts 1 and 2).</summary>
internal static class XlsxParts
{
    private const string Head = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>""";
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string PackageRelations = "http://schemas.openxmlformats.org/package/2006/relationships";
    private const string Type = "application/vnd.openxmlformats-officedocument.spreadsheetml";

    public const string WorksheetStart = $"""{Head}<worksheet xmlns="{Main}">""";

    public const string PackageRels = $"""{Head}<Relationships xmlns="{PackageRelations}"><Relationship Id="rId1" Type="{Relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>""";

    public const string Styles = $"""
        {Head}<styleSheet xmlns="{Main}"><numFmts count="3"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="hh:mm:ss"/><numFmt numFmtId="166" formatCode="&quot;£&quot;#,##0.00;&quot;-£&quot;#,##0.00"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE9ECEF"/></patternFill></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="10"><xf/><xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="2" applyNumberFormat="1" applyFont="1" applyFill="1"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/><xf numFmtId="3" applyNumberFormat="1"/><xf numFmtId="166" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/><xf numFmtId="3" fontId="1" applyNumberFormat="1" applyFont="1"/><xf numFmtId="166" fontId="1" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>
        """;

    public static string ContentTypes(IReadOnlyList<string> sheets) =>
        $"""{Head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{Type}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{Type}.styles+xml"/>{Each(sheets, (_, number) => $"""<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{Type}.worksheet+xml"/>""")}</Types>""";

    /// <param name="sheets">Their names, which need no escaping.</param>
    public static string Workbook(IReadOnlyList<string> sheets) =>
        $"""{Head}<workbook xmlns="{Main}" xmlns:r="{Relations}"><bookViews><workbookView/></bookViews><sheets>{Each(sheets, (name, number) => $"""<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>""")}</sheets></workbook>""";

    public static string WorkbookRels(IReadOnlyList<string> sheets) =>
        $"""{Head}<Relationships xmlns="{PackageRelations}">{Each(sheets, (_, number) => $"""<Relationship Id="rId{number}" Type="{Relations}/worksheet" Target="worksheets/sheet{number}.xml"/>""")}<Relationship Id="rId{sheets.Count + 1}" Type="{Relations}/styles" Target="styles.xml"/></Relationships>""";

    private static string Each(IReadOnlyList<string> sheets, Func<string, int, string> part) => string.Concat(sheets.Select((name, place) => part(name, place + 1)));
}

using System.IO.Compression;
using System.Text;
using CreditUsage.Core.Tables;
using CreditUsage.Platform;

namespace CreditUsage.Tests.Features.Imports;

/// <summary>Workbooks made byte by byte: cells of each kind, and archives that must not be unpacked.</summary>
public sealed class WorkbookTests
{
    private const string Sheet = """
        <row r="1"><c r="A1" t="inlineStr"><is><t>Ref</t></is></c><c r="B1" t="inlineStr"><is><t>When</t></is></c><c r="C1" t="s"><v>0</v></c></row>
        <row r="2"><c r="A2"><v>1234567890</v></c><c r="B2" s="1"><v>46296.395833333336</v></c><c r="C2"><v>9.4499999999999993</v></c></row>
        <row r="4"><c r="A4" t="str"><f>1+1</f><v>kept</v></c><c r="C4" t="b"><v>1</v></c></row>
        """;

    [Fact]
    public async Task Dates_come_as_ISO_numbers_as_they_are_shown_formulas_as_their_values_and_every_row_keeps_its_line()
    {
        var text = await CsvAsync(Zip(Parts(Sheet)));
        Assert.Equal(["Ref,When,Two lines", "1234567890,2026-10-01 09:30:00,9.45", ",,", "kept,,True"], text.TrimEnd().Split("\r\n"));
    }

    [Fact]
    public async Task Only_as_many_rows_are_written_as_are_wanted() => Assert.Equal("Ref,When,Two lines", (await CsvAsync(Zip(Parts(Sheet)), most: 1)).TrimEnd());

    public static TheoryData<string, string> Refused => new()
    {
        { "macros", "has macros" },
        { "archive", "ZIP archive, not an Excel workbook" },
        { "bomb", "too large" },
        { "texts", "too large" },
        { "entries", "too large" },
        { "wide", "more than 100 columns" },
        { "entity", "damaged" },
        { "broken", "damaged" },
        { "cut", "damaged" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_no_plain_workbook_is_refused_in_words(string what, string reason)
    {
        var parts = Parts(Sheet);
        if (what == "macros") parts["xl/vbaProject.bin"] = _ => { };
        if (what == "archive") parts.Remove("xl/workbook.xml");
        if (what == "bomb") parts["xl/worksheets/sheet2.xml"] = part => Zeros(part, 1025);
        if (what == "texts") parts["xl/sharedStrings.xml"] = part => Zeros(part, 129);
        if (what == "entries") for (var i = 0; i < 1001; i++) parts[$"xl/{i}"] = _ => { };
        if (what == "wide") parts["xl/worksheets/sheet1.xml"] = Text(Worksheet("""<row r="1"><c r="XFD1" t="inlineStr"><is><t>x</t></is></c></row>"""));
        if (what == "entity") parts["xl/worksheets/sheet1.xml"] = Text("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" + Worksheet("""<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>"""));
        if (what == "broken") parts["xl/worksheets/sheet1.xml"] = Text("<worksheet><sheetData><row");
        var bytes = Zip(parts);
        if (what == "cut") bytes = bytes[..(bytes.Length / 2)];

        var problem = await Assert.ThrowsAsync<UserFacingException>(() => CsvAsync(bytes));

        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
    }

    private static async Task<string> CsvAsync(byte[] workbook, int most = 1000)
    {
        using var csv = new MemoryStream();
        await Workbook.WriteCsvAsync(new MemoryStream(workbook), csv, most, CancellationToken.None);
        return Encoding.UTF8.GetString(csv.ToArray());
    }

    private static Dictionary<string, Action<Stream>> Parts(string rows) => new(StringComparer.Ordinal)
    {
        ["[Content_Types].xml"] = Text("""<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"""),
        ["xl/workbook.xml"] = Text("""<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Usage" sheetId="1" r:id="rId1"/></sheets></workbook>"""),
        ["xl/_rels/workbook.xml.rels"] = Text("""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"""),
        ["xl/styles.xml"] = Text("""<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>"""),
        ["xl/sharedStrings.xml"] = Text("<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><si><t>Two\nlines</t></si></sst>"),
        ["xl/worksheets/sheet1.xml"] = Text(Worksheet(rows)),
    };

    private static string Worksheet(string rows) => $"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>";

    private static Action<Stream> Text(string text) => part => part.Write(Encoding.UTF8.GetBytes(text));

    private static void Zeros(Stream part, int megabytes)
    {
        var zeros = new byte[1024 * 1024];
        for (var i = 0; i < megabytes; i++) part.Write(zeros);
    }

    private static byte[] Zip(Dictionary<string, Action<Stream>> parts)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, write) in parts)
            {
                using var part = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                write(part);
            }
        }
        return bytes.ToArray();
    }
}

using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace CreditUsage.Tests.Support;

/// <summary>A sheet of a workbook, read back from its XML, and its formulas worked out again by other code.</summary>
public sealed partial class XlsxRead
{
    private static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private readonly Dictionary<string, XElement> _cells;
    private readonly XElement _styles;

    private XlsxRead(XElement sheet, XElement styles)
    {
        (Sheet, _styles) = (sheet, styles);
        _cells = sheet.Descendants(Main + "c").ToDictionary(cell => cell.Attribute("r")!.Value, StringComparer.Ordinal);
    }

    public XElement Sheet { get; }

    /// <summary>Numbers of the rows that have cells.</summary>
    public int LastRow => Sheet.Descendants(Main + "row").Max(row => int.Parse(row.Attribute("r")!.Value, CultureInfo.InvariantCulture));

    public IReadOnlyList<string> Formulas => Sheet.Descendants(Main + "f").Select(formula => formula.Value).ToList();

    public string? Filtered => Sheet.Element(Main + "autoFilter")?.Attribute("ref")?.Value;

    /// <summary>How many rows above stay in sight.</summary>
    public string? Frozen => Sheet.Descendants(Main + "pane").SingleOrDefault(pane => pane.Attribute("state")?.Value == "frozen")?.Attribute("ySplit")?.Value;

    public static XlsxRead Open(byte[] workbook, string name)
    {
        using var zip = new ZipArchive(new MemoryStream(workbook));
        XNamespace relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        var id = Part(zip, "xl/workbook.xml").Descendants(Main + "sheet").Single(sheet => sheet.Attribute("name")!.Value == name).Attribute(relations + "id")!.Value;
        var target = Part(zip, "xl/_rels/workbook.xml.rels").Elements().Single(relation => relation.Attribute("Id")!.Value == id).Attribute("Target")!.Value;
        // A target is a path from the package's root, or one beside the workbook.
        return new XlsxRead(Part(zip, target.StartsWith('/') ? target[1..] : "xl/" + target), Part(zip, "xl/styles.xml"));
    }

    /// <summary>What a cell shows before anything is calculated: null where it is empty.</summary>
    public string? this[string cell] => !_cells.TryGetValue(cell, out var found) ? null
        : found.Attribute("t")?.Value == "inlineStr" ? Unescaped(string.Concat(found.Descendants(Main + "t").Select(text => text.Value))) : found.Element(Main + "v")?.Value;

    /// <summary>The values of a column, from a row to another.</summary>
    public IEnumerable<string?> Column(char column, int first, int last) => Enumerable.Range(first, last - first + 1).Select(row => this[$"{column}{row}"]);

    public bool IsText(string cell) => _cells[cell].Attribute("t")?.Value == "inlineStr";

    /// <summary>The code of the format that a cell is shown in.</summary>
    public string Format(string cell)
    {
        var place = int.Parse(_cells[cell].Attribute("s")!.Value, CultureInfo.InvariantCulture);
        var number = _styles.Element(Main + "cellXfs")!.Elements().ElementAt(place).Attribute("numFmtId")!.Value;
        return number switch
        {
            "3" => "#,##0",
            "49" => "@",
            _ => _styles.Descendants(Main + "numFmt").Single(format => format.Attribute("numFmtId")!.Value == number).Attribute("formatCode")!.Value,
        };
    }

    /// <summary>Works out the formula of a cell from the cells that it names.</summary>
    public decimal Calculate(string cell) => Calculated(_cells[cell].Element(Main + "f")!.Value);

    private decimal Calculated(string formula)
    {
        var call = Call().Match(formula);
        Assert.True(call.Success, formula);
        var given = call.Groups[2].Value;
        if (call.Groups[1].Value == "ROUND") return Math.Round(Calculated(given[..given.LastIndexOf(',')]), int.Parse(given[(given.LastIndexOf(',') + 1)..], CultureInfo.InvariantCulture));
        var parts = given.Split(',');
        return call.Groups[1].Value switch
        {
            "COUNTA" => Range(parts[0]).Count(value => value is not null),
            "COUNTIF" => Range(parts[0]).Count(value => value == parts[1].Trim('"')),
            "SUM" => Range(parts[0]).Sum(Number),
            "SUMIFS" => Range(parts[0]).Zip(Range(parts[1])).Where(pair => pair.Second == parts[2].Trim('"')).Sum(pair => Number(pair.First)),
            var other => throw new InvalidOperationException(other),
        };
    }

    private IEnumerable<string?> Range(string range)
    {
        var match = Cells().Match(range);
        return Column(match.Groups[1].Value[0], int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture));
    }

    private static decimal Number(string? value) => value is null ? 0 : decimal.Parse(value, CultureInfo.InvariantCulture);

    private static string Unescaped(string text) => Escaped().Replace(text, match => ((char)int.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());

    private static XElement Part(ZipArchive zip, string name)
    {
        using var part = zip.GetEntry(name)!.Open();
        return XElement.Load(part);
    }

    [GeneratedRegex(@"^([A-Z]+)\((.*)\)$", RegexOptions.None, 1000)]
    private static partial Regex Call();

    [GeneratedRegex(@"^\$?([A-Z])\$?([0-9]+):\$?[A-Z]\$?([0-9]+)$", RegexOptions.None, 1000)]
    private static partial Regex Cells();

    [GeneratedRegex("_x([0-9A-Fa-f]{4})_", RegexOptions.None, 1000)]
    private static partial Regex Escaped();
}

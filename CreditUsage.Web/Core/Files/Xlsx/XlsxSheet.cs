using System.Globalization;
using System.Text;

namespace CreditUsage.Core.Files.Xlsx;

/// <summary>Writes a sheet's cells from the left to the right, row after row.</summary>
internal sealed class XlsxSheet(StreamWriter xml)
{
    /// <summary>Rows that a sheet can have.</summary>
    public const int MaxRows = 1_048_576;

    private const int CharactersAtOnce = 32 * 1024;

    /// <summary>The day that a spreadsheet counts as 0.</summary>
    private static readonly int DayZero = new DateOnly(1899, 12, 30).DayNumber;

    private readonly StringBuilder _waiting = new();
    private string? _filter;
    private char _column;

    /// <summary>The row that is being written, from 1.</summary>
    public int Row { get; private set; }

    public void Begin(IReadOnlyList<int> widths, bool headed)
    {
        _waiting.Append(XlsxParts.WorksheetStart).Append("<sheetViews><sheetView workbookViewId=\"0\">");
        if (headed) _waiting.Append("<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>");
        _waiting.Append("</sheetView></sheetViews><cols>");
        for (var column = 0; column < widths.Count; column++)
            _waiting.Append(CultureInfo.InvariantCulture, $"<col min=\"{column + 1}\" max=\"{column + 1}\" width=\"{widths[column]}\" customWidth=\"1\"{(widths[column] == 0 ? " hidden=\"1\"" : "")}/>");
        _waiting.Append("</cols><sheetData>");
    }

    public void BeginRow()
    {
        Row++;
        _column = 'A';
        _waiting.Append(CultureInfo.InvariantCulture, $"<row r=\"{Row}\">");
    }

    /// <summary>Leaves cells empty.</summary>
    public void Skip(int cells = 1) => _column += (char)cells;

    /// <summary>An empty cell where there is no text.</summary>
    public void Text(string? text, XlsxStyle style = XlsxStyle.Text)
    {
        if (string.IsNullOrEmpty(text))
        {
            Skip();
            return;
        }
        Cell(style, " t=\"inlineStr\"").Append("<is><t");
        if (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1])) _waiting.Append(" xml:space=\"preserve\"");
        XlsxText.Append(_waiting.Append('>'), text);
        _waiting.Append("</t></is></c>");
    }

    public void Number(long? number, XlsxStyle style = XlsxStyle.Number)
    {
        if (number is { } known) Cell(style).Append("<v>").Append(known).Append("</v></c>");
        else Skip();
    }

    public void Pounds(long? pence)
    {
        if (pence is { } known) Cell(XlsxStyle.Pounds).Append(CultureInfo.InvariantCulture, $"<v>{known / 100m}</v></c>");
        else Skip();
    }

    public void Date(DateOnly day) => Number(day.DayNumber - DayZero, XlsxStyle.Date);

    /// <summary>The time of day by UTC, to the second, as a part of a day.</summary>
    public void Time(DateTimeOffset instant) =>
        Cell(XlsxStyle.Time).Append(CultureInfo.InvariantCulture, $"<v>{(int)instant.UtcDateTime.TimeOfDay.TotalSeconds / 86_400d:R}</v></c>");

    /// <param name="formula">Ours, never made of what somebody typed.</param>
    /// <param name="value">What it comes to, for whoever opens the file without calculating.</param>
    public void Formula(string formula, decimal value, XlsxStyle style)
    {
        Cell(style).Append("<f>");
        XlsxText.Append(_waiting, formula);
        _waiting.Append(CultureInfo.InvariantCulture, $"</f><v>{value}</v></c>");
    }

    public async ValueTask EndRowAsync(CancellationToken cancellation)
    {
        _waiting.Append("</row>");
        if (_waiting.Length >= CharactersAtOnce) await FlushAsync(cancellation);
    }

    /// <summary>Gives the first row buttons that filter the rows up to this one.</summary>
    /// <param name="lastColumn">Its letter.</param>
    public void Filter(char lastColumn) => _filter = string.Create(CultureInfo.InvariantCulture, $"<autoFilter ref=\"A1:{lastColumn}{Row}\"/>");

    public Task EndAsync(CancellationToken cancellation)
    {
        _waiting.Append("</sheetData>").Append(_filter).Append("<pageSetup paperSize=\"9\" orientation=\"landscape\"/></worksheet>");
        return FlushAsync(cancellation);
    }

    private StringBuilder Cell(XlsxStyle style, string type = "") => _waiting.Append(CultureInfo.InvariantCulture, $"<c r=\"{_column++}{Row}\" s=\"{(int)style}\"{type}>");

    private async Task FlushAsync(CancellationToken cancellation)
    {
        await xml.WriteAsync(_waiting, cancellation);
        _waiting.Clear();
    }
}

/// <summary>How a cell looks: the place of its format in the style part of <see cref="XlsxParts"/>.</summary>
internal enum XlsxStyle
{
    /// <summary>Every empty cell's, where a reader may put a formula of their own.</summary>
    General,

    /// <summary>Kept as text when it is edited, too: what begins with an equals sign never becomes a formula.</summary>
    Text,
    Heading,
    Date,
    Time,
    Number,
    Pounds,
    TotalText,
    TotalNumber,
    TotalPounds,
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CreditUsage.Platform.Pdf;

/// <summary>Counts what a finished file has on paper: every page is read, and every other stream unpacked.</summary>
internal sealed partial class PdfReadBack : IDisposable
{
    /// <summary>A CSS pixel as this engine prints it on A4 without margins, in points.</summary>
    private const double PointsPerPixel = 0.75 * 0.768372116;

    /// <summary>Half the distance of two lines is more, rounding less.</summary>
    private const double LinePoints = 4;

    /// <summary>What rounding may move a letter by.</summary>
    private const double SlackPoints = 0.5;

    /// <summary>So many, and they are read in two halves at once.</summary>
    private const int PagesAtOnce = 200;

    private readonly PdfReader _file;
    private readonly PdfTally _laidOut;
    private readonly PdfBytes _content = new();
    private readonly Stack<PdfState> _kept = [];
    private readonly Dictionary<int, ToUnicodeMap> _letters = [];
    private readonly List<PdfLine> _lines = [];
    private Dictionary<string, ToUnicodeMap> _fonts = [];

    private PdfReadBack(string path, PdfTally laidOut) => (_file, _laidOut) = (new PdfReader(path), laidOut);

    /// <summary>What can be read in a file.</summary>
    /// <param name="laidOut">Says where to read.</param>
    /// <param name="pages">How many there must be.</param>
    /// <exception cref="PdfException">It cannot be read, or has more pages or fewer.</exception>
    public static async Task<PdfTally> CountAsync(string path, PdfTally laidOut, int pages, CancellationToken cancellation)
    {
        var halves = pages < PagesAtOnce ? 1 : 2;
        var tallies = await Task.WhenAll(Enumerable.Range(0, halves).Select(half => Task.Run(() => Count(path, laidOut, pages, (half, halves), cancellation), cancellation)));
        foreach (var tally in tallies.Skip(1)) tallies[0].Add(tally);
        return tallies[0];
    }

    public void Dispose()
    {
        _file.Dispose();
        _content.Dispose();
    }

    private static PdfTally Count(string path, PdfTally laidOut, int pages, (int Number, int Of) part, CancellationToken cancellation)
    {
        using var reading = new PdfReadBack(path, laidOut);
        return reading.Count(pages, part, cancellation);
    }

    private PdfTally Count(int expected, (int Number, int Of) part, CancellationToken cancellation)
    {
        var pages = _file.Pages().ToList();
        if (pages.Count != expected) throw PdfProof.Broken(string.Create(CultureInfo.InvariantCulture, $"its file has {pages.Count} pages where {expected} were laid out"));
        var tally = new PdfTally(_laidOut.Dates, _laidOut.Figures);
        var contents = pages.ConvertAll(page => PdfReader.Reference("Contents", _file.Dictionary(page)));
        foreach (var page in pages.Take(Share(pages.Count, part)))
        {
            cancellation.ThrowIfCancellationRequested();
            ReadPage(_file.Dictionary(page));
            foreach (var line in _lines.OrderByDescending(line => line.Y)) line.AddTo(tally);
        }
        var others = _file.Objects.Except(contents).ToList();
        foreach (var other in others.Take(Share(others.Count, part))) _file.TryUnpack(other, into: null);
        return tally;
    }

    private static Range Share(int count, (int Number, int Of) part) => (count * part.Number / part.Of)..(count * (part.Number + 1) / part.Of);

    private void ReadPage(string page)
    {
        _fonts = Fonts(page);
        _lines.Clear();
        if (!_file.TryUnpack(PdfReader.Reference("Contents", page), _content)) throw PdfProof.Broken("a page of its file is not there");
        new PdfContent(_content.Span, Take).Walk(_kept);
    }

    private void Take(ReadOnlySpan<byte> font, int glyph, double x, double y)
    {
        var date = Within(_laidOut.Dates, x);
        if (!date && !Within(_laidOut.Figures, x)) return;
        if (!_fonts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(Name(font, stackalloc char[32]), out var letters)) return;
        var line = Line(y);
        (date ? line.Date : line.Figure).Append(letters.Of(glyph));
    }

    private static bool Within(PdfColumn column, double x) => x >= (column.LeftPx * PointsPerPixel) - SlackPoints && x < (column.RightPx * PointsPerPixel) - SlackPoints;

    private static ReadOnlySpan<char> Name(ReadOnlySpan<byte> font, Span<char> into) => Encoding.Latin1.TryGetChars(font, into, out var length) ? into[..length] : default;

    /// <summary>A page is drawn from top to bottom and a row from left to right, so the line is among the last.</summary>
    private PdfLine Line(double y)
    {
        for (var last = _lines.Count - 1; last >= 0; last--)
            if (Math.Abs(_lines[last].Y - y) < LinePoints) return _lines[last];
        _lines.Add(new PdfLine(y));
        return _lines[^1];
    }

    private Dictionary<string, ToUnicodeMap> Fonts(string page)
    {
        var fonts = FontList().Match(_file.Dictionary(PdfReader.Reference("Resources", page)));
        return Font().Matches(fonts.Groups[1].Value).ToDictionary(font => font.Groups[1].Value, font => Letters(int.Parse(font.Groups[2].ValueSpan, CultureInfo.InvariantCulture)));
    }

    private ToUnicodeMap Letters(int font)
    {
        if (_letters.TryGetValue(font, out var known)) return known;
        _file.TryUnpack(PdfReader.Reference("ToUnicode", _file.Dictionary(font)), _content);
        return _letters[font] = new ToUnicodeMap(Encoding.Latin1.GetString(_content.Span));
    }

    [GeneratedRegex("/Font <<([^>]*)>>", RegexOptions.None, 1000)]
    private static partial Regex FontList();

    [GeneratedRegex(@"/(\S{1,32}) (\d{1,7}) 0 R", RegexOptions.None, 1000)]
    private static partial Regex Font();
}

/// <summary>What one line of a page has in the two columns.</summary>
/// <param name="Y">Its height, in points from the paper's lower edge.</param>
internal sealed partial record PdfLine(double Y)
{
    public StringBuilder Date { get; } = new(10);

    public StringBuilder Figure { get; } = new(12);

    public void AddTo(PdfTally tally)
    {
        var (date, figure) = (Text(Date), Text(Figure));
        if (IsDate().IsMatch(date)) tally.Row(date, figure);
        else if (IsFigure().IsMatch(figure)) tally.Total(figure);
    }

    /// <summary>The engine tells a space as a tab.</summary>
    private static string Text(StringBuilder letters) => letters.ToString().Trim();

    [GeneratedRegex(@"^\d\d/\d\d/\d{4}$", RegexOptions.None, 1000)]
    private static partial Regex IsDate();

    [GeneratedRegex(@"^([-+]?£?\d[\d,.]*|–)$", RegexOptions.None, 1000)]
    private static partial Regex IsFigure();
}

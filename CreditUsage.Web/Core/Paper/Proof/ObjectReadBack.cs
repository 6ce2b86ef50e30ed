using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CreditUsage.Platform.Pdf;

namespace CreditUsage.Core.Paper.Proof;

/// <summary>Counts the printed rows and totals of a finished file from its objects; every page is read, and every other stream unpacked.</summary>
internal sealed partial class ObjectReadBack : IDisposable
{
    /// <summary>From this many pages on, two halves are read in parallel.</summary>
    private const int PagesInHalves = 200;

    private readonly PdfReader _file;
    private readonly PaperTally _laidOut;
    private readonly PooledBytes _content = new();
    private readonly Stack<GraphicsState> _saved = [];
    private readonly Dictionary<int, ToUnicodeMap> _maps = [];
    private readonly List<PaperLine> _lines = [];
    private Dictionary<string, ToUnicodeMap> _fonts = [];

    private ObjectReadBack(string path, PaperTally laidOut) => (_file, _laidOut) = (new PdfReader(path), laidOut);

    /// <exception cref="UnknownPdfFormException">The file is not in the form that our qpdf call writes.</exception>
    public static async Task<PaperTally> CountAsync(string path, PaperTally laidOut, int pages, CancellationToken cancellation)
    {
        var halves = pages < PagesInHalves ? 1 : 2;
        var tallies = await Task.WhenAll(Enumerable.Range(0, halves).Select(half => Task.Run(() => Count(path, laidOut, pages, (half, halves), cancellation), cancellation)));
        foreach (var tally in tallies.Skip(1)) tallies[0].Add(tally);
        return tallies[0];
    }

    public static PdfException WrongPages(int pages, int expected) =>
        PdfException.EngineFailed(string.Create(CultureInfo.InvariantCulture, $"its file has {pages} pages where {expected} were laid out"));

    public void Dispose()
    {
        _file.Dispose();
        _content.Dispose();
    }

    private static PaperTally Count(string path, PaperTally laidOut, int pages, (int Number, int Of) share, CancellationToken cancellation)
    {
        using var reading = new ObjectReadBack(path, laidOut);
        return reading.Count(pages, share, cancellation);
    }

    private PaperTally Count(int expected, (int Number, int Of) share, CancellationToken cancellation)
    {
        var pages = _file.Pages().ToList();
        if (pages.Count != expected) throw WrongPages(pages.Count, expected);
        var tally = new PaperTally(_laidOut.Dates, _laidOut.Figures);
        var contents = pages.ConvertAll(page => PdfReader.Reference("Contents", _file.Dictionary(page)));
        foreach (var page in pages.Take(Share(pages.Count, share)))
        {
            cancellation.ThrowIfCancellationRequested();
            ReadPage(_file.Dictionary(page));
            foreach (var line in _lines.OrderByDescending(line => line.Y)) line.AddTo(tally);
        }
        var others = _file.Objects.Except(contents).ToList();
        foreach (var other in others.Take(Share(others.Count, share))) _file.TryUnpack(other, into: null);
        return tally;
    }

    private static Range Share(int count, (int Number, int Of) share) => (count * share.Number / share.Of)..(count * (share.Number + 1) / share.Of);

    private void ReadPage(string page)
    {
        _fonts = Fonts(page);
        _lines.Clear();
        if (!_file.TryUnpack(PdfReader.Reference("Contents", page), _content)) throw new UnknownPdfFormException("A page has no stream.");
        new ContentStream(_content.Span, AddGlyph).Walk(_saved);
    }

    private void AddGlyph(ReadOnlySpan<byte> font, int glyph, double x, double y)
    {
        var date = _laidOut.Dates.Holds(x);
        if (!date && !_laidOut.Figures.Holds(x)) return;
        if (!_fonts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(Name(font, stackalloc char[32]), out var map)) throw new UnknownPdfFormException("A page does not name a font that it uses.");
        var line = Line(y);
        (date ? line.Date : line.Figure).Append(map.Of(glyph));
    }

    private static ReadOnlySpan<char> Name(ReadOnlySpan<byte> font, Span<char> into) => Encoding.Latin1.TryGetChars(font, into, out var length) ? into[..length] : default;

    /// <summary>A page is drawn from top to bottom and a row from left to right, so the line is among the last.</summary>
    private PaperLine Line(double y)
    {
        for (var last = _lines.Count - 1; last >= 0; last--)
            if (_lines[last].IsAt(y)) return _lines[last];
        _lines.Add(new PaperLine(y));
        return _lines[^1];
    }

    private Dictionary<string, ToUnicodeMap> Fonts(string page)
    {
        var fonts = FontList().Match(_file.Dictionary(PdfReader.Reference("Resources", page)));
        return Font().Matches(fonts.Groups[1].Value).ToDictionary(font => font.Groups[1].Value, font => Map(int.Parse(font.Groups[2].ValueSpan, CultureInfo.InvariantCulture)));
    }

    private ToUnicodeMap Map(int font)
    {
        if (_maps.TryGetValue(font, out var known)) return known;
        if (!_file.TryUnpack(PdfReader.Reference("ToUnicode", _file.Dictionary(font)), _content)) throw new UnknownPdfFormException("A font's map to Unicode has no stream.");
        return _maps[font] = new ToUnicodeMap(Encoding.Latin1.GetString(_content.Span));
    }

    [GeneratedRegex("/Font <<([^>]*)>>", RegexOptions.None, 1000)]
    private static partial Regex FontList();

    [GeneratedRegex(@"/(\S{1,32}) (\d{1,7}) 0 R", RegexOptions.None, 1000)]
    private static partial Regex Font();
}

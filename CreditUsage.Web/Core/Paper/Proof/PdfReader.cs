using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using CreditUsage.Platform.Pdf;

namespace CreditUsage.Core.Paper.Proof;

/// <summary>Reads a PDF as our qpdf call writes it. Throws <see cref="UnknownPdfFormException"/> for another form and <see cref="PdfException"/> for damage.</summary>
internal sealed partial class PdfReader(string path) : IDisposable
{
    /// <summary>More than any page or font of ours unpacks to.</summary>
    private const int LargestStreamBytes = 64 * 1024 * 1024;
    private const int MaxDepth = 32;
    private const int TimeoutMilliseconds = 1000;

    private static ReadOnlySpan<byte> BeforeStream => "\nstream\n"u8;

    private readonly ObjectTable _table = new(path);
    private readonly PooledBytes _object = new();
    private readonly byte[] _inflated = new byte[64 * 1024];

    public IEnumerable<int> Pages() => PagesUnder(Reference("Pages", Dictionary(Reference("Root", _table.Trailer))), depth: 0);

    public IEnumerable<int> Objects => _table.Numbers;

    public string Dictionary(int number)
    {
        _table.Read(number, _object);
        return Text(StartOfStream());
    }

    /// <summary>False where the object has no stream; <paramref name="into"/> is null to test only that it can be unpacked.</summary>
    public bool TryUnpack(int number, PooledBytes? into)
    {
        _table.Read(number, _object);
        into?.Clear();
        var stream = StartOfStream();
        if (stream < 0) return false;
        var dictionary = Text(stream);
        var (from, length) = (stream + BeforeStream.Length, int.Parse(Group(LengthOf(), dictionary), CultureInfo.InvariantCulture));
        if (from + length > _object.Length) throw PdfException.EngineFailed("a stream in its file ends too soon");
        if (!dictionary.Contains("/Filter", StringComparison.Ordinal)) into?.Add(_object.Span.Slice(from, length));
        else if (dictionary.Contains("/Filter /FlateDecode", StringComparison.Ordinal)) Inflate(from, length, into);
        else if (into is not null) throw new UnknownPdfFormException("A stream is packed in another way.");
        return true;
    }

    public static int Reference(string key, string dictionary) =>
        int.Parse(Group(new Regex($@"/{key} (\d{{1,7}}) 0 R", RegexOptions.None, TimeSpan.FromMilliseconds(TimeoutMilliseconds)), dictionary), CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _table.Dispose();
        _object.Dispose();
    }

    private IEnumerable<int> PagesUnder(int node, int depth)
    {
        var dictionary = Dictionary(node);
        if (depth > MaxDepth) throw new UnknownPdfFormException("The tree of pages is too deep.");
        if (!dictionary.Contains("/Kids [", StringComparison.Ordinal)) return [node];
        return References().Matches(Group(Kids(), dictionary)).SelectMany(kid => PagesUnder(int.Parse(kid.Groups[1].Value, CultureInfo.InvariantCulture), depth + 1));
    }

    private int StartOfStream() => _object.Span.IndexOf(BeforeStream);

    private string Text(int end) => Encoding.Latin1.GetString(end < 0 ? _object.Span : _object.Span[..end]);

    private void Inflate(int from, int length, PooledBytes? into)
    {
        using var packed = _object.Slice(from, length);
        using var inflated = new ZLibStream(packed, CompressionMode.Decompress);
        var total = 0;
        try
        {
            for (int read; (read = inflated.Read(_inflated)) > 0 && total <= LargestStreamBytes; total += read) into?.Add(_inflated.AsSpan(0, read));
        }
        catch (InvalidDataException problem)
        {
            throw PdfException.EngineFailed("a stream in its file cannot be unpacked", problem);
        }
        if (total > LargestStreamBytes) throw PdfException.EngineFailed("a stream in its file is too large");
    }

    private static string Group(Regex pattern, string text) =>
        pattern.Match(text) is { Success: true } match ? match.Groups[1].Value : throw new UnknownPdfFormException($"There is no {pattern}.");

    /// <summary>A direct number: other forms refer to another object's number here.</summary>
    [GeneratedRegex(@"/Length (\d{1,9})(?: /| >>)", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex LengthOf();

    [GeneratedRegex(@"/Kids \[([^]]*)\]", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex Kids();

    [GeneratedRegex(@"(\d{1,7}) 0 R", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex References();
}

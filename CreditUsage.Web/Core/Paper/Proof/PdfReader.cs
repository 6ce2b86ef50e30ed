using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace CreditUsage.Platform.Pdf;

/// <summary>
/// Reads a PDF that qpdf has written: objects by the table at its end, each dictionary on one line, streams as they are or deflated. One object is
/// held at a time. Everything that is not as expected is a fault of the file.
/// </summary>
internal sealed partial class PdfReader : IDisposable
{
    /// <summary>More than any page or font of ours unpacks to.</summary>
    private const int LargestStreamBytes = 64 * 1024 * 1024;
    private const int TailBytes = 2048;
    private const int EntryBytes = 20;
    private const int PatienceMilliseconds = 1000;

    private static ReadOnlySpan<byte> BeforeStream => "\nstream\n"u8;

    private readonly FileStream _file;
    private readonly PdfBytes _object = new();
    private readonly byte[] _inflated = new byte[64 * 1024];
    private readonly string _trailer;
    private readonly long[] _offsets;
    private readonly long[] _ordered;

    /// <exception cref="PdfException">It has no table of objects.</exception>
    public PdfReader(string path)
    {
        _file = File.OpenRead(path);
        var tail = Encoding.Latin1.GetString(Bytes(Math.Max(0, _file.Length - TailBytes), (int)Math.Min(_file.Length, TailBytes)));
        _trailer = tail;
        var start = long.Parse(Found(StartOfTable(), tail), CultureInfo.InvariantCulture);
        _offsets = Table(start);
        _ordered = [.. _offsets.Append(start).Order()];
    }

    /// <summary>The numbers of the pages' objects, in order.</summary>
    public IEnumerable<int> Pages() => PagesUnder(Reference("Pages", Dictionary(Reference("Root", _trailer))), depth: 0);

    /// <summary>The numbers of all objects.</summary>
    public IEnumerable<int> Objects => Enumerable.Range(1, _offsets.Length - 1).Where(number => _offsets[number] > 0);

    /// <summary>An object's text, up to its stream where it has one.</summary>
    public string Dictionary(int number)
    {
        Read(number);
        return Text(StreamBegins());
    }

    /// <summary>Unpacks an object's stream; false where it has none.</summary>
    /// <param name="into">Null where all that matters is that it can be unpacked.</param>
    public bool TryUnpack(int number, PdfBytes? into)
    {
        Read(number);
        into?.Clear();
        var stream = StreamBegins();
        if (stream < 0) return false;
        var dictionary = Text(stream);
        var length = int.Parse(Found(LengthOf(), dictionary), CultureInfo.InvariantCulture);
        var from = stream + BeforeStream.Length;
        if (from + length > _object.Length) throw PdfProof.Broken("a stream in its file ends too soon");
        if (!dictionary.Contains("/Filter", StringComparison.Ordinal)) into?.Add(_object.Span.Slice(from, length));
        else if (dictionary.Contains("/Filter /FlateDecode", StringComparison.Ordinal)) Inflate(from, length, into);
        return true;
    }

    /// <summary>The object that a dictionary names under a key.</summary>
    public static int Reference(string key, string dictionary) =>
        int.Parse(Found(new Regex($@"/{key} (\d+) 0 R", RegexOptions.None, TimeSpan.FromMilliseconds(PatienceMilliseconds)), dictionary), CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _file.Dispose();
        _object.Dispose();
    }

    private IEnumerable<int> PagesUnder(int node, int depth)
    {
        var dictionary = Dictionary(node);
        if (depth > 32) throw PdfProof.Broken("the pages of its file cannot be found");
        if (!dictionary.Contains("/Kids [", StringComparison.Ordinal)) return [node];
        return References().Matches(Found(Kids(), dictionary)).SelectMany(kid => PagesUnder(int.Parse(kid.Groups[1].Value, CultureInfo.InvariantCulture), depth + 1));
    }

    private long[] Table(long start)
    {
        var head = Encoding.Latin1.GetString(Bytes(start, 32));
        var first = TableHead().Match(head);
        if (!first.Success) throw PdfProof.Broken("its file has no table of objects");
        var count = int.Parse(first.Groups[1].Value, CultureInfo.InvariantCulture);
        var entries = Bytes(start + first.Length, count * EntryBytes);
        return [.. Enumerable.Range(0, count).Select(number => Offset(entries.AsSpan(number * EntryBytes, EntryBytes)))];
    }

    private static long Offset(ReadOnlySpan<byte> entry) => entry[17] == 'n' ? long.Parse(entry[..10], CultureInfo.InvariantCulture) : 0;

    /// <summary>From where an object begins to where the next one does.</summary>
    private void Read(int number)
    {
        if (number <= 0 || number >= _offsets.Length) throw PdfProof.Broken("its file names an object that it does not have");
        var end = _ordered[Array.BinarySearch(_ordered, _offsets[number]) + 1];
        var count = checked((int)(end - _offsets[number]));
        Within(_offsets[number], count);
        _file.ReadExactly(_object.Take(count));
    }

    private int StreamBegins() => _object.Span.IndexOf(BeforeStream);

    private string Text(int end) => Encoding.Latin1.GetString(end < 0 ? _object.Span : _object.Span[..end]);

    private byte[] Bytes(long from, int count)
    {
        Within(from, count);
        var bytes = new byte[count];
        _file.ReadExactly(bytes);
        return bytes;
    }

    private void Within(long from, int count)
    {
        if (from < 0 || from + count > _file.Length) throw PdfProof.Broken("its file ends too soon");
        _file.Position = from;
    }

    private void Inflate(int from, int length, PdfBytes? into)
    {
        using var packed = _object.Part(from, length);
        using var inflated = new ZLibStream(packed, CompressionMode.Decompress);
        var total = 0;
        try
        {
            for (int read; (read = inflated.Read(_inflated)) > 0 && total <= LargestStreamBytes; total += read) into?.Add(_inflated.AsSpan(0, read));
        }
        catch (InvalidDataException problem)
        {
            throw PdfProof.Broken("a stream in its file cannot be unpacked", problem);
        }
        if (total > LargestStreamBytes) throw PdfProof.Broken("a stream in its file is too large");
    }

    private static string Found(Regex pattern, string text) => pattern.Match(text) is { Success: true } match ? match.Groups[1].Value : throw PdfProof.Broken("its file cannot be read back");

    [GeneratedRegex(@"startxref\s+(\d{1,12})\s", RegexOptions.RightToLeft, PatienceMilliseconds)]
    private static partial Regex StartOfTable();

    [GeneratedRegex(@"^xref\n0 (\d{1,7})\n", RegexOptions.None, PatienceMilliseconds)]
    private static partial Regex TableHead();

    [GeneratedRegex(@"/Length (\d{1,9})[ />]", RegexOptions.None, PatienceMilliseconds)]
    private static partial Regex LengthOf();

    [GeneratedRegex(@"/Kids \[([^]]*)\]", RegexOptions.None, PatienceMilliseconds)]
    private static partial Regex Kids();

    [GeneratedRegex(@"(\d{1,7}) 0 R", RegexOptions.None, PatienceMilliseconds)]
    private static partial Regex References();
}

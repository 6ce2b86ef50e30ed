using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using CreditUsage.Platform.Pdf;

namespace CreditUsage.Core.Paper.Proof;

/// <summary>
/// Reads a PDF in the form that our qpdf call writes: a table of objects at its end, each dictionary on one line, streams as they are or deflated.
/// One object is held at a time. Another form is an <see cref="UnknownPdfFormException"/>, damage a <see cref="PdfException"/>.
/// </summary>
internal sealed partial class PdfReader : IDisposable
{
    /// <summary>More than any page or font of ours unpacks to.</summary>
    private const int LargestStreamBytes = 64 * 1024 * 1024;
    private const int TailBytes = 2048;
    private const int EntryBytes = 20;
    private const int MaxDepth = 32;
    private const int TimeoutMilliseconds = 1000;

    private static ReadOnlySpan<byte> BeforeStream => "\nstream\n"u8;

    private readonly FileStream _file;
    private readonly PooledBytes _object = new();
    private readonly byte[] _inflated = new byte[64 * 1024];
    private readonly string _trailer;
    private readonly long[] _offsets;
    private readonly long[] _ordered;

    public PdfReader(string path)
    {
        _file = File.OpenRead(path);
        _trailer = Encoding.Latin1.GetString(Bytes(Math.Max(0, _file.Length - TailBytes), (int)Math.Min(_file.Length, TailBytes)));
        var table = long.Parse(Group(StartOfTable(), _trailer), CultureInfo.InvariantCulture);
        _offsets = Offsets(table);
        _ordered = [.. _offsets.Append(table).Order()];
    }

    /// <summary>The numbers of the pages' objects, in order.</summary>
    public IEnumerable<int> Pages() => PagesUnder(Reference("Pages", Dictionary(Reference("Root", _trailer))), depth: 0);

    /// <summary>The numbers of all objects.</summary>
    public IEnumerable<int> Objects => Enumerable.Range(1, _offsets.Length - 1).Where(number => _offsets[number] > 0);

    /// <summary>An object's text, up to its stream where it has one.</summary>
    public string Dictionary(int number)
    {
        Read(number);
        return Text(StartOfStream());
    }

    /// <summary>Unpacks an object's stream; false where it has none.</summary>
    /// <param name="into">Null where all that matters is that it can be unpacked.</param>
    public bool TryUnpack(int number, PooledBytes? into)
    {
        Read(number);
        into?.Clear();
        var stream = StartOfStream();
        if (stream < 0) return false;
        var dictionary = Text(stream);
        var length = int.Parse(Group(LengthOf(), dictionary), CultureInfo.InvariantCulture);
        var from = stream + BeforeStream.Length;
        if (from + length > _object.Length) throw PdfException.EngineFailed("a stream in its file ends too soon");
        if (!dictionary.Contains("/Filter", StringComparison.Ordinal)) into?.Add(_object.Span.Slice(from, length));
        else if (dictionary.Contains("/Filter /FlateDecode", StringComparison.Ordinal)) Inflate(from, length, into);
        else if (into is not null) throw new UnknownPdfFormException("A stream is packed in another way.");
        return true;
    }

    /// <summary>The object that a dictionary names under a key.</summary>
    public static int Reference(string key, string dictionary) =>
        int.Parse(Group(new Regex($@"/{key} (\d{{1,7}}) 0 R", RegexOptions.None, TimeSpan.FromMilliseconds(TimeoutMilliseconds)), dictionary), CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _file.Dispose();
        _object.Dispose();
    }

    private IEnumerable<int> PagesUnder(int node, int depth)
    {
        var dictionary = Dictionary(node);
        if (depth > MaxDepth) throw new UnknownPdfFormException("The tree of pages is too deep.");
        if (!dictionary.Contains("/Kids [", StringComparison.Ordinal)) return [node];
        return References().Matches(Group(Kids(), dictionary)).SelectMany(kid => PagesUnder(int.Parse(kid.Groups[1].Value, CultureInfo.InvariantCulture), depth + 1));
    }

    private long[] Offsets(long table)
    {
        var head = TableHead().Match(Encoding.Latin1.GetString(Bytes(table, 32)));
        if (!head.Success) throw new UnknownPdfFormException("There is no table of objects.");
        var count = int.Parse(head.Groups[1].Value, CultureInfo.InvariantCulture);
        var entries = Bytes(table + head.Length, count * EntryBytes);
        return [.. Enumerable.Range(0, count).Select(number => Offset(entries.AsSpan(number * EntryBytes, EntryBytes)))];
    }

    private static long Offset(ReadOnlySpan<byte> entry) => entry[17] != 'n' ? 0
        : long.TryParse(entry[..10], CultureInfo.InvariantCulture, out var offset) ? offset : throw new UnknownPdfFormException("The table of objects has other columns.");

    /// <summary>From where an object begins to where the next one does.</summary>
    private void Read(int number)
    {
        if (number <= 0 || number >= _offsets.Length) throw new UnknownPdfFormException("The table lacks an object.");
        var end = _ordered[Array.BinarySearch(_ordered, _offsets[number]) + 1];
        var count = checked((int)(end - _offsets[number]));
        Seek(_offsets[number], count);
        _file.ReadExactly(_object.Overwrite(count));
    }

    private int StartOfStream() => _object.Span.IndexOf(BeforeStream);

    private string Text(int end) => Encoding.Latin1.GetString(end < 0 ? _object.Span : _object.Span[..end]);

    private byte[] Bytes(long from, int count)
    {
        Seek(from, count);
        var bytes = new byte[count];
        _file.ReadExactly(bytes);
        return bytes;
    }

    private void Seek(long from, int count)
    {
        if (from < 0 || from + count > _file.Length) throw PdfException.EngineFailed("its file ends too soon");
        _file.Position = from;
    }

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

    [GeneratedRegex(@"startxref\s+(\d{1,12})\s", RegexOptions.RightToLeft, TimeoutMilliseconds)]
    private static partial Regex StartOfTable();

    [GeneratedRegex(@"^xref\n0 (\d{1,7})\n", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex TableHead();

    [GeneratedRegex(@"/Length (\d{1,9})[ />]", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex LengthOf();

    [GeneratedRegex(@"/Kids \[([^]]*)\]", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex Kids();

    [GeneratedRegex(@"(\d{1,7}) 0 R", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex References();
}

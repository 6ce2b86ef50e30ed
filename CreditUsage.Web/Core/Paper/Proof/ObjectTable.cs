using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CreditUsage.Platform.Pdf;

namespace CreditUsage.Core.Paper.Proof;

/// <summary>The offset of each object, from one uncompressed cross-reference table at the file's end (ISO 32000-1, 7.5.4).</summary>
internal sealed partial class ObjectTable : IDisposable
{
    private const int TailBytes = 2048;
    private const int HeadBytes = 32;
    private const int EntryBytes = 20;

    private readonly FileStream _file;
    private readonly long[] _offsets;
    private readonly long[] _ordered;

    /// <exception cref="UnknownPdfFormException">There is no such table.</exception>
    public ObjectTable(string path)
    {
        _file = File.OpenRead(path);
        Trailer = Encoding.Latin1.GetString(Bytes(Math.Max(0, _file.Length - TailBytes), (int)Math.Min(_file.Length, TailBytes)));
        var start = StartOfTable().Match(Trailer) is { Success: true } found ? long.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : throw new UnknownPdfFormException("There is no startxref.");
        _offsets = Offsets(start);
        _ordered = [.. _offsets.Append(start).Order()];
    }

    public string Trailer { get; }

    public IEnumerable<int> Numbers => Enumerable.Range(1, _offsets.Length - 1).Where(number => _offsets[number] > 0);

    public void Read(int number, PooledBytes into)
    {
        if (number <= 0 || number >= _offsets.Length) throw new UnknownPdfFormException("The table lacks an object.");
        var end = _ordered[Array.BinarySearch(_ordered, _offsets[number]) + 1];
        var count = checked((int)(end - _offsets[number]));
        Seek(_offsets[number], count);
        _file.ReadExactly(into.Overwrite(count));
    }

    public void Dispose() => _file.Dispose();

    private long[] Offsets(long start)
    {
        var head = TableHead().Match(Encoding.Latin1.GetString(Bytes(start, HeadBytes)));
        if (!head.Success) throw new UnknownPdfFormException("There is no table of objects.");
        var count = int.Parse(head.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        var entries = Bytes(start + head.Length, count * EntryBytes);
        return [.. Enumerable.Range(0, count).Select(number => Offset(entries.AsSpan(number * EntryBytes, EntryBytes)))];
    }

    private static long Offset(ReadOnlySpan<byte> entry) => entry[17] != 'n' ? 0
        : long.TryParse(entry[..10], CultureInfo.InvariantCulture, out var offset) ? offset : throw new UnknownPdfFormException("The table of objects has other columns.");

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

    [GeneratedRegex(@"startxref\s+(\d{1,12})\s", RegexOptions.RightToLeft, 1000)]
    private static partial Regex StartOfTable();

    [GeneratedRegex(@"^xref\n0 (\d{1,7})\n", RegexOptions.None, 1000)]
    private static partial Regex TableHead();
}

using System.Buffers.Text;

namespace CreditUsage.Platform.Pdf;

/// <summary>
/// Walks through what a page draws and tells of each letter where it stands. It knows what moves text and passes over the rest; 10,000 rows are
/// 43 MB of it, so it looks at bytes.
/// </summary>
internal ref struct PdfContent(ReadOnlySpan<byte> content, PdfContent.Drawn drawn)
{
    private const int MostOperands = 6;

    /// <summary>Told of a glyph: its font's name and code, and where it begins, in points from the paper's lower left corner.</summary>
    public delegate void Drawn(ReadOnlySpan<byte> font, int glyph, double x, double y);

    private ReadOnlySpan<byte> _rest = content;
    private ReadOnlySpan<byte> _font = default;
    private ReadOnlySpan<byte> _name = default;
    private ReadOnlySpan<byte> _glyphs = default;
    private Operands _operands;
    private int _count = 0;
    private PdfMatrix _page = PdfMatrix.None;
    private PdfMatrix _text = PdfMatrix.None;

    /// <param name="kept">Somewhere to keep what the page saves.</param>
    public void Walk(Stack<PdfMatrix> kept)
    {
        kept.Clear();
        while (Next() is { IsEmpty: false } token)
        {
            if (TryOperand(token)) continue;
            Apply(token, kept);
            _count = 0;
        }
    }

    private ReadOnlySpan<byte> Next()
    {
        var begin = 0;
        while (begin < _rest.Length && _rest[begin] <= ' ') begin++;
        var end = begin;
        while (end < _rest.Length && _rest[end] > ' ') end++;
        var token = _rest[begin..end];
        _rest = _rest[end..];
        return token;
    }

    private bool TryOperand(ReadOnlySpan<byte> token)
    {
        var first = token[0];
        if (first is >= (byte)'0' and <= (byte)'9' or (byte)'-' or (byte)'.' or (byte)'+')
        {
            if (_count < MostOperands && Utf8Parser.TryParse(token, out double number, out _)) _operands[_count++] = number;
            return true;
        }
        if (first == '/') _name = token[1..];
        else if (first == '<') _glyphs = token;
        else return first is (byte)'[' or (byte)']';
        return true;
    }

    private void Apply(ReadOnlySpan<byte> operation, Stack<PdfMatrix> kept)
    {
        if (operation.SequenceEqual("Tj"u8)) Draw();
        else if (operation.SequenceEqual("Td"u8)) _text = _text.Moved(_operands[0], _operands[1]);
        else if (operation.SequenceEqual("q"u8)) kept.Push(_page);
        else if (operation.SequenceEqual("Q"u8)) _page = kept.TryPop(out var page) ? page : PdfMatrix.None;
        else if (operation.SequenceEqual("cm"u8)) _page = Matrix().Then(_page);
        else if (operation.SequenceEqual("Tm"u8)) _text = Matrix();
        else if (operation.SequenceEqual("BT"u8)) _text = PdfMatrix.None;
        else if (operation.SequenceEqual("Tf"u8)) _font = _name;
    }

    private PdfMatrix Matrix() => new(_operands[0], _operands[1], _operands[2], _operands[3], _operands[4], _operands[5]);

    /// <summary>Glyphs are written as four hexadecimal digits each.</summary>
    private readonly void Draw()
    {
        var (x, y) = _page.Place(_text);
        for (var digit = 1; digit + 4 < _glyphs.Length; digit += 4)
            if (Utf8Parser.TryParse(_glyphs.Slice(digit, 4), out int glyph, out var used, 'X') && used == 4)
                drawn(_font, glyph, x, y);
    }

    [System.Runtime.CompilerServices.InlineArray(MostOperands)]
    private struct Operands
    {
        private double _first;
    }
}

/// <summary>Where a page or a line of text is, as PDF has it.</summary>
internal readonly record struct PdfMatrix(double A, double B, double C, double D, double E, double F)
{
    public static PdfMatrix None { get; } = new(1, 0, 0, 1, 0, 0);

    public PdfMatrix Then(PdfMatrix outer) => new(
        (A * outer.A) + (B * outer.C), (A * outer.B) + (B * outer.D), (C * outer.A) + (D * outer.C), (C * outer.B) + (D * outer.D),
        (E * outer.A) + (F * outer.C) + outer.E, (E * outer.B) + (F * outer.D) + outer.F);

    public PdfMatrix Moved(double x, double y) => this with { E = E + (x * A) + (y * C), F = F + (x * B) + (y * D) };

    /// <summary>Where something that begins at the origin of an inner matrix is drawn.</summary>
    public (double X, double Y) Place(PdfMatrix inner) => ((inner.E * A) + (inner.F * C) + E, (inner.E * B) + (inner.F * D) + F);
}

using System.Buffers.Text;

namespace CreditUsage.Platform.Pdf;

/// <summary>
/// Walks through what a page draws and tells of each letter that is seen where it stands. It knows what moves text and what clips it, and passes
/// over the rest; 10,000 rows are 43 MB of it, so it looks at bytes.
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
    private PdfState _page = PdfState.Begin;
    private PdfMatrix _text = PdfMatrix.None;
    private PdfBox _path = PdfBox.Nothing;
    private bool _clips = false;

    /// <param name="kept">Somewhere to keep what the page saves.</param>
    public void Walk(Stack<PdfState> kept)
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

    private void Apply(ReadOnlySpan<byte> operation, Stack<PdfState> kept)
    {
        if (operation.SequenceEqual("Tj"u8)) Draw();
        else if (operation.SequenceEqual("Td"u8)) _text = _text.Moved(_operands[0], _operands[1]);
        else if (operation.SequenceEqual("q"u8)) kept.Push(_page);
        else if (operation.SequenceEqual("Q"u8)) _page = kept.TryPop(out var page) ? page : PdfState.Begin;
        else if (operation.SequenceEqual("cm"u8)) _page = _page with { Matrix = Matrix().Then(_page.Matrix) };
        else if (operation.SequenceEqual("m"u8) || operation.SequenceEqual("l"u8)) Corner(_operands[0], _operands[1]);
        else if (operation.SequenceEqual("re"u8)) Rectangle();
        else if (operation[0] == 'W') _clips = true;
        else if (operation.SequenceEqual("n"u8) || operation.SequenceEqual("f"u8) || operation.SequenceEqual("f*"u8)) EndPath();
        else if (operation.SequenceEqual("Tm"u8)) _text = Matrix();
        else if (operation.SequenceEqual("BT"u8)) _text = PdfMatrix.None;
        else if (operation.SequenceEqual("Tf"u8)) _font = _name;
    }

    private PdfMatrix Matrix() => new(_operands[0], _operands[1], _operands[2], _operands[3], _operands[4], _operands[5]);

    /// <summary>Glyphs are written as four hexadecimal digits each.</summary>
    private readonly void Draw()
    {
        var (x, y) = _page.Matrix.Place(_text.E, _text.F);
        if (!_page.Clip.Holds(x, y)) return;
        for (var digit = 1; digit + 4 < _glyphs.Length; digit += 4)
            if (Utf8Parser.TryParse(_glyphs.Slice(digit, 4), out int glyph, out var used, 'X') && used == 4)
                drawn(_font, glyph, x, y);
    }

    private void Corner(double x, double y)
    {
        var (atX, atY) = _page.Matrix.Place(x, y);
        _path = _path.With(atX, atY);
    }

    private void Rectangle()
    {
        Corner(_operands[0], _operands[1]);
        Corner(_operands[0] + _operands[2], _operands[1] + _operands[3]);
    }

    /// <summary>A clip that is no rectangle counts as the one around it.</summary>
    private void EndPath()
    {
        if (_clips) _page = _page with { Clip = _page.Clip.And(_path) };
        (_clips, _path) = (false, PdfBox.Nothing);
    }

    [System.Runtime.CompilerServices.InlineArray(MostOperands)]
    private struct Operands
    {
        private double _first;
    }
}

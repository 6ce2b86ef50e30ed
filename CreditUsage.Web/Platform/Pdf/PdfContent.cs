using System.Buffers.Text;

namespace CreditUsage.Platform.Pdf;

/// <summary>
/// Walks through what a page draws and tells of each letter that is seen where it stands. It knows what moves text and what clips it, and passes
/// over the rest; 10,000 rows are 43 MB of it, so it looks at bytes.
/// </summary>
internal ref struct PdfContent(ReadOnlySpan<byte> content, PdfContent.Drawn drawn)
{
    private const int MostOperands = 6;

    /// <summary>So many fit a whole number.</summary>
    private const int MostDigits = 18;

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
            if (_count < MostOperands && TryNumber(token, out var number)) _operands[_count++] = number;
            return true;
        }
        if (first == '/') _name = token[1..];
        else if (first == '<') _glyphs = token;
        else return first is (byte)'[' or (byte)']';
        return true;
    }

    /// <summary>A PDF's numbers have no exponent (ISO 32000-1, 7.3.3). To read them as whole numbers takes a third of what the framework's double takes, and there are 40,000 on a page.</summary>
    private static bool TryNumber(ReadOnlySpan<byte> token, out double number)
    {
        if (token.Length > MostDigits) return Utf8Parser.TryParse(token, out number, out _);
        var (digits, scale, fraction) = (0L, 1L, 1L);
        foreach (var next in token[(token[0] is (byte)'-' or (byte)'+' ? 1 : 0)..])
        {
            if (next is >= (byte)'0' and <= (byte)'9') (digits, scale) = ((digits * 10) + (next - '0'), scale * fraction);
            else if (next == '.' && fraction == 1) fraction = 10;
            else return Utf8Parser.TryParse(token, out number, out _);
        }
        number = token[0] == '-' ? -digits : digits;
        if (scale > 1) number /= scale;
        return true;
    }

    private void Apply(ReadOnlySpan<byte> operation, Stack<PdfState> kept)
    {
        switch (operation)
        {
            case [(byte)'T', (byte)'j']: Draw(); break;
            case [(byte)'T', (byte)'d']: _text = _text.Moved(_operands[0], _operands[1]); break;
            case [(byte)'q']: kept.Push(_page); break;
            case [(byte)'Q']: _page = kept.TryPop(out var page) ? page : PdfState.Begin; break;
            case [(byte)'c', (byte)'m']: _page = _page with { Matrix = Matrix().Then(_page.Matrix) }; break;
            case [(byte)'m' or (byte)'l']: Corner(_operands[0], _operands[1]); break;
            case [(byte)'r', (byte)'e']: Rectangle(); break;
            case [(byte)'W', ..]: _clips = true; break;
            case [(byte)'n' or (byte)'f'] or [(byte)'f', (byte)'*']: EndPath(); break;
            case [(byte)'T', (byte)'m']: _text = Matrix(); break;
            case [(byte)'B', (byte)'T']: _text = PdfMatrix.None; break;
            case [(byte)'T', (byte)'f']: _font = _name; break;
        }
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

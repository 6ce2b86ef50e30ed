using System.Buffers.Text;

namespace CreditUsage.Core.Paper.Proof;

/// <summary>Reports each glyph that a page draws and does not clip away (ISO 32000-1, 7.8.2). Reads bytes, since 10,000 rows are 43 MB.</summary>
internal ref struct ContentStream(ReadOnlySpan<byte> content, ContentStream.GlyphAction onGlyph)
{
    private const int MaxOperands = 6;
    private const int MaxDigits = 18; // Of a long.

    private static ReadOnlySpan<double> Powers => [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17];

    /// <summary>Receives a glyph's font, code and origin, in points from the paper's lower left corner.</summary>
    public delegate void GlyphAction(ReadOnlySpan<byte> font, int glyph, double x, double y);

    private readonly ReadOnlySpan<byte> _content = content;
    private int _at = 0;
    private ReadOnlySpan<byte> _font = default;
    private ReadOnlySpan<byte> _name = default;
    private ReadOnlySpan<byte> _glyphs = default;
    private Operands _operands;
    private int _count = 0;
    private GraphicsState _page = GraphicsState.Initial;
    private Transform _text = Transform.Identity;
    private ClipBox _path = ClipBox.Nothing;
    private bool _clips = false;

    public void Walk(Stack<GraphicsState> saved)
    {
        saved.Clear();
        while (TryFindNext(out var first))
        {
            if (first is >= (byte)'0' and <= (byte)'9' or (byte)'-' or (byte)'.' or (byte)'+') ReadNumber();
            else if (first == '/') _name = ReadToken()[1..];
            else if (first == '<') _glyphs = ReadToken();
            else if (first is (byte)'[' or (byte)']') ReadToken();
            else
            {
                Apply(ReadToken(), saved);
                _count = 0;
            }
        }
    }

    private bool TryFindNext(out byte first)
    {
        while (_at < _content.Length)
        {
            first = _content[_at];
            if (first > ' ') return true;
            _at++;
        }
        first = 0;
        return false;
    }

    private ReadOnlySpan<byte> ReadToken()
    {
        var begin = _at;
        while (_at < _content.Length && _content[_at] > ' ') _at++;
        return _content[begin.._at];
    }

    /// <summary>PDF numbers have no exponent (ISO 32000-1, 7.3.3). Reading digits takes a quarter of the framework's time for a double, and a page has 40,000 numbers.</summary>
    private void ReadNumber()
    {
        var rest = _content[_at..];
        var signed = rest[0] is (byte)'-' or (byte)'+';
        var whole = Digits(rest, signed ? 1 : 0, 0, out var end);
        var point = end;
        if (end < rest.Length && rest[end] == '.') whole = Digits(rest, end + 1, whole, out end);
        if (end <= MaxDigits && (end == rest.Length || rest[end] <= ' '))
        {
            _at += end;
            var number = end > point ? whole / Powers[end - point - 1] : whole;
            AddOperand(rest[0] == '-' ? -number : number);
        }
        else if (Utf8Parser.TryParse(ReadToken(), out double unusual, out _)) AddOperand(unusual);
    }

    private static long Digits(ReadOnlySpan<byte> text, int begin, long before, out int end)
    {
        for (end = begin; end < text.Length && (uint)(text[end] - '0') is <= 9 and var digit; end++) before = (before * 10) + digit;
        return before;
    }

    private void AddOperand(double number)
    {
        if (_count < MaxOperands) _operands[_count++] = number;
    }

    private void Apply(ReadOnlySpan<byte> operation, Stack<GraphicsState> saved)
    {
        switch (operation)
        {
            case [(byte)'T', (byte)'j']: Draw(); break;
            case [(byte)'T', (byte)'d']: _text = _text.Translated(_operands[0], _operands[1]); break;
            case [(byte)'q']: saved.Push(_page); break;
            case [(byte)'Q']: _page = saved.TryPop(out var page) ? page : GraphicsState.Initial; break;
            case [(byte)'c', (byte)'m']: _page = _page with { Matrix = Matrix().Times(_page.Matrix) }; break;
            case [(byte)'m' or (byte)'l']: Corner(_operands[0], _operands[1]); break;
            case [(byte)'r', (byte)'e']: Rectangle(); break;
            case [(byte)'W', ..]: _clips = true; break;
            case [(byte)'n' or (byte)'f'] or [(byte)'f', (byte)'*']: EndPath(); break;
            case [(byte)'T', (byte)'m']: _text = Matrix(); break;
            case [(byte)'B', (byte)'T']: _text = Transform.Identity; break;
            case [(byte)'T', (byte)'f']: _font = _name; break;
        }
    }

    private Transform Matrix() => new(_operands[0], _operands[1], _operands[2], _operands[3], _operands[4], _operands[5]);

    private readonly void Draw()
    {
        var (x, y) = _page.Matrix.Apply(_text.E, _text.F);
        if (!_page.Clip.Holds(x, y)) return;
        for (var digit = 1; digit + 4 < _glyphs.Length; digit += 4)
            if (Utf8Parser.TryParse(_glyphs.Slice(digit, 4), out int glyph, out var used, 'X') && used == 4)
                onGlyph(_font, glyph, x, y);
    }

    private void Corner(double x, double y)
    {
        var (atX, atY) = _page.Matrix.Apply(x, y);
        _path = _path.Including(atX, atY);
    }

    private void Rectangle()
    {
        Corner(_operands[0], _operands[1]);
        Corner(_operands[0] + _operands[2], _operands[1] + _operands[3]);
    }

    /// <summary>A clip that is not a rectangle counts as the one around it.</summary>
    private void EndPath()
    {
        if (_clips) _page = _page with { Clip = _page.Clip.Intersect(_path) };
        (_clips, _path) = (false, ClipBox.Nothing);
    }

    [System.Runtime.CompilerServices.InlineArray(MaxOperands)]
    private struct Operands
    {
        private double _first;
    }
}

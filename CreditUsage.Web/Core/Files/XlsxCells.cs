using System.Buffers;
using System.Text.RegularExpressions;
using SpreadCheetah;
using SpreadCheetah.Styling;

namespace CreditUsage.Core.Files;

/// <summary>Makes the cells of one workbook. Text cells have the text format, so that a value edited to begin with an equals sign never becomes a formula.</summary>
internal sealed partial class XlsxCells(Spreadsheet book)
{
    private const double PencePerPound = 100;
    private const double SecondsPerDay = 86_400;

    private static readonly SearchValues<char> PerhapsUnsafe = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(code => (char)code), '_', '\uFFFE', '\uFFFF']);

    private static readonly NumberFormat AsText = NumberFormat.Standard(StandardNumberFormat.Text);
    private static readonly NumberFormat AsNumber = NumberFormat.Standard(StandardNumberFormat.ThousandsSeparator);
    private static readonly NumberFormat AsPounds = NumberFormat.Custom("\"£\"#,##0.00;\"-£\"#,##0.00");
    private static readonly Font Bold = new() { Bold = true };

    private readonly StyleId _heading = book.AddStyle(new Style { Format = AsText, Font = Bold, Fill = new Fill { Color = System.Drawing.Color.FromArgb(0xE9, 0xEC, 0xEF) } });
    private readonly StyleId _text = book.AddStyle(new Style { Format = AsText });
    private readonly StyleId _date = book.AddStyle(new Style { Format = NumberFormat.Custom("dd/mm/yyyy") });
    private readonly StyleId _time = book.AddStyle(new Style { Format = NumberFormat.Custom("hh:mm:ss") });
    private readonly StyleId _number = book.AddStyle(new Style { Format = AsNumber });
    private readonly StyleId _pounds = book.AddStyle(new Style { Format = AsPounds });
    private readonly StyleId _totalText = book.AddStyle(new Style { Format = AsText, Font = Bold });
    private readonly StyleId _totalNumber = book.AddStyle(new Style { Format = AsNumber, Font = Bold });
    private readonly StyleId _totalPounds = book.AddStyle(new Style { Format = AsPounds, Font = Bold });

    public Cell Heading(string? text) => TextIn(_heading, text);

    public Cell Text(string? text) => TextIn(_text, text);

    public Cell Date(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), _date);

    /// <summary>The time of day in UTC, to the second, as a fraction of a day.</summary>
    public Cell Time(DateTimeOffset instant) => new((int)instant.UtcDateTime.TimeOfDay.TotalSeconds / SecondsPerDay, _time);

    public Cell Number(long? number) => number is { } known ? new(known, _number) : default;

    public Cell Pounds(long? pence) => pence is { } known ? new(known / PencePerPound, _pounds) : default;

    public Cell TotalText(string text) => TextIn(_totalText, text);

    /// <param name="formula">Never built from user input.</param>
    /// <param name="value">Cached result for readers that do not calculate.</param>
    public Cell Total(string formula, long value) => new(new Formula(formula), value, _totalNumber);

    public Cell TotalPounds(string formula, long pence) => new(new Formula(formula), pence / PencePerPound, _totalPounds);

    private static Cell TextIn(StyleId style, string? text) => string.IsNullOrEmpty(text) ? default : new(Escaped(text), style);

    private static string Escaped(string text) =>
        text.AsSpan().ContainsAny(PerhapsUnsafe) ? Unsafe().Replace(text, match => match.Value == "_" ? "_x005F_" : "\uFFFD") : text;

    /// <summary>Characters that XML cannot hold, and the underscore of _x0041_, which a spreadsheet reads as the letter A.</summary>
    [GeneratedRegex(@"[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]|_(?=x[0-9A-Fa-f]{4}_)", RegexOptions.None, 1000)]
    private static partial Regex Unsafe();
}

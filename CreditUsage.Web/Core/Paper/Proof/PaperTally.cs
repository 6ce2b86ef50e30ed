using System.Globalization;

namespace CreditUsage.Platform.Pdf;

/// <summary>A column on every page, in CSS pixels from the paper's left edge.</summary>
public readonly record struct PdfColumn(double LeftPx, double RightPx);

/// <summary>
/// What is on paper, counted: the rows, each told by the date and the figure that it prints, and the last total. Laying out makes one and reading
/// the file makes another; the file is taken only when they agree. Names are in neither column, so none can make a wrong file agree or a right one not.
/// </summary>
/// <param name="dates">Where each row, and nothing else, prints a date as 01/10/2026.</param>
/// <param name="figures">Where rows and totals print their figure.</param>
public sealed class PdfTally(PdfColumn dates, PdfColumn figures)
{
    // A polynomial of what is printed: quick, that of two halves makes that of the whole, and what it guards against is not made by anybody.
    private const ulong Base = 1_099_511_628_211;
    private ulong _digest;
    private ulong _power = 1;

    public PdfColumn Dates => dates;

    public PdfColumn Figures => figures;

    public int Rows { get; private set; }

    /// <summary>The last total, as it is printed; empty before there is one.</summary>
    public string GrandTotal { get; private set; } = "";

    /// <summary>The next row, in the order of the paper.</summary>
    /// <param name="date">As printed: "01/10/2026".</param>
    /// <param name="figure">As printed: "£1,207.56", or a dash.</param>
    public void Row(string date, string figure)
    {
        ArgumentNullException.ThrowIfNull(date);
        ArgumentNullException.ThrowIfNull(figure);
        Rows++;
        Digest(date);
        Digest(figure);
    }

    /// <summary>The next figure that stands in no row.</summary>
    /// <param name="figure">As printed.</param>
    public void Total(string figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        GrandTotal = figure;
        Digest(figure);
    }

    /// <summary>All that follows.</summary>
    /// <param name="next">Of the same columns.</param>
    internal void Add(PdfTally next)
    {
        Rows += next.Rows;
        if (next.GrandTotal.Length > 0) GrandTotal = next.GrandTotal;
        _digest = (_digest * next._power) + next._digest;
        _power *= next._power;
    }

    /// <summary>Null where the paper says what was laid out, else how it differs, in a few words.</summary>
    /// <param name="read">What was read back.</param>
    internal string? Difference(PdfTally read)
    {
        if (read.Rows != Rows) return string.Create(CultureInfo.InvariantCulture, $"{read.Rows} rows can be read in its file where {Rows} were laid out");
        if (read.GrandTotal != GrandTotal) return "the total in its file is not the one that was laid out";
        return read._digest == _digest ? null : "the rows in its file are not the ones that were laid out";
    }

    private void Digest(string text)
    {
        foreach (var c in text) Digest(c);
        Digest('\n');
    }

    private void Digest(char next) => (_digest, _power) = ((_digest * Base) + next, _power * Base);
}

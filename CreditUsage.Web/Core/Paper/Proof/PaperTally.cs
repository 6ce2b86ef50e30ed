using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CreditUsage.Core.Paper.Proof;

/// <summary>Counts printed rows, each by its date and figure, and the last total. A file is accepted only when the tallies of its layout and of the file agree.</summary>
/// <param name="dates">Where only rows print, and only a date as 01/10/2026.</param>
public sealed class PaperTally(PaperColumn dates, PaperColumn figures)
{
    // A polynomial hash: quick, and the hashes of two halves combine. It guards against faults, not against forgery.
    private const ulong Base = 1_099_511_628_211;
    private ulong _digest;
    private ulong _power = 1;

    public PaperColumn Dates => dates;

    public PaperColumn Figures => figures;

    public int Rows { get; private set; }

    public string GrandTotal { get; private set; } = "";

    /// <param name="figure">As printed: "£1,207.56", or a dash.</param>
    public void Row(string date, string figure)
    {
        ArgumentNullException.ThrowIfNull(date);
        ArgumentNullException.ThrowIfNull(figure);
        Rows++;
        Digest(date);
        Digest(figure);
    }

    /// <summary>Adds the next figure outside the rows, as printed.</summary>
    public void Total(string figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        GrandTotal = figure;
        Digest(figure);
    }

    internal void Add(PaperTally next)
    {
        Rows += next.Rows;
        if (next.GrandTotal.Length > 0) GrandTotal = next.GrandTotal;
        _digest = (_digest * next._power) + next._digest;
        _power *= next._power;
    }

    /// <summary>Null where both agree, else the difference in a few words.</summary>
    internal string? Difference(PaperTally read)
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

/// <summary>A column on every page, in CSS pixels from the paper's left edge.</summary>
public readonly record struct PaperColumn(double LeftPx, double RightPx)
{
    /// <summary>A CSS pixel as this engine prints it on A4 without margins, in points.</summary>
    private const double PointsPerPixel = 0.75 * 0.768372116;

    private const double SlackPoints = 0.5;

    /// <param name="x">In points.</param>
    internal bool Holds(double x) => x >= (LeftPx * PointsPerPixel) - SlackPoints && x < (RightPx * PointsPerPixel) - SlackPoints;
}

/// <param name="Y">In points.</param>
internal sealed partial record PaperLine(double Y)
{
    /// <summary>Less than half the distance of two lines, more than any rounding.</summary>
    private const double SlackPoints = 4;

    public StringBuilder Date { get; } = new(10);

    public StringBuilder Figure { get; } = new(12);

    public bool IsAt(double y) => Math.Abs(Y - y) < SlackPoints;

    public void AddTo(PaperTally tally)
    {
        // The engine writes a space as a tab.
        var (date, figure) = (Date.ToString().Trim(), Figure.ToString().Trim());
        if (IsDate().IsMatch(date)) tally.Row(date, figure);
        else if (IsFigure().IsMatch(figure)) tally.Total(figure);
    }

    [GeneratedRegex(@"^\d\d/\d\d/\d{4}$", RegexOptions.None, 1000)]
    private static partial Regex IsDate();

    [GeneratedRegex(@"^([-+]?£?\d[\d,.]*|–)$", RegexOptions.None, 1000)]
    private static partial Regex IsFigure();
}

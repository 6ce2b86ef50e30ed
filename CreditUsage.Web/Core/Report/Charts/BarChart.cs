using System.Text.Json.Serialization;

namespace CreditUsage.Core.Report.Charts;

/// <summary>Bars that are drawn on the server, with what they say for those who cannot see them.</summary>
/// <param name="Id">Unique on the page.</param>
/// <param name="Across">Bars beside each other, as of months; else below each other, as of names.</param>
public sealed record BarChart(string Id, string Title, string LabelHeading, string ValueHeading, IReadOnlyList<Bar> Bars, bool Across)
{
    /// <summary>In units of the drawing.</summary>
    public const int Width = 960;

    /// <summary>Room for the axis's labels.</summary>
    public const int Left = 80;

    public const int NameWidth = 230;
    public const int FigureWidth = 110;
    public const int LineHeight = 24;
    public const int AcrossHeight = 220;
    private const int MaxLabels = 14;

    public long Largest { get; } = Math.Max(1, Bars.Select(bar => bar.Value).DefaultIfEmpty(0).Max());

    public int Height => Across ? AcrossHeight + 30 : (Bars.Count * LineHeight) + 8;

    /// <summary>Every label of a month would run over its neighbour.</summary>
    private int LabelEvery => (Bars.Count + MaxLabels - 1) / MaxLabels;

    /// <summary>The bar that is marked, which comes last, has one.</summary>
    public bool HasLabel(int place) => place % LabelEvery == (Bars[^1].Marked ? (Bars.Count - 1) % LabelEvery : 0);

    public decimal Slot => Bars.Count == 0 ? 0 : (Width - Left) / (decimal)Bars.Count;

    /// <summary>"27 bars; the largest is October 2026 with £3,661.26, the smallest August 2024 with £1,009.20."</summary>
    public string Description
    {
        get
        {
            if (Bars.Count == 0) return "There is nothing to draw.";
            var (most, least) = (Bars.MaxBy(bar => bar.Value)!, Bars.MinBy(bar => bar.Value)!);
            return $"{(Bars.Count == 1 ? "One bar" : $"{Bars.Count} bars")}; the largest is {most.Label} with {most.ValueText}, the smallest {least.Label} with {least.ValueText}.";
        }
    }

    /// <summary>How far a bar reaches of what there is room for.</summary>
    public decimal Length(Bar bar, int room)
    {
        ArgumentNullException.ThrowIfNull(bar);
        return Math.Round(Math.Max(0, bar.Value) * (decimal)room / Largest, 1);
    }
}

/// <summary>One bar of a picture and one line of its table. By its JSON the content of saved reports is known, so names and order in it stay.</summary>
/// <param name="Label">What it is of.</param>
/// <param name="AxisLabel">The label under an axis.</param>
/// <param name="Value">How long it is; nothing is drawn below nought.</param>
/// <param name="ValueText">The value as it is read: "£3,661.26".</param>
/// <param name="Address">Where it leads; null for nowhere.</param>
/// <param name="Marked">The one that the rest is held against: the month that is looked at.</param>
public sealed record Bar(string Label, string AxisLabel, long Value, [property: JsonPropertyName("Shown")] string ValueText, string? Address, bool Marked = false);

using System.Text.Json.Serialization;

namespace CreditUsage.Core.Report.Charts;

/// <param name="Across">Bars beside each other, as for months; else below each other, as for names.</param>
public sealed record BarChart(string Id, string Title, string LabelHeading, string ValueHeading, IReadOnlyList<Bar> Bars, bool Across)
{
    /// <summary>In units of the drawing.</summary>
    public const int Width = 960;

    public const int Left = 80;

    public const int NameWidth = 230;
    public const int FigureWidth = 110;
    public const int LineHeight = 24;
    public const int AcrossHeight = 220;
    private const int MaxLabels = 14;

    public long Largest { get; } = Math.Max(1, Bars.Select(bar => bar.Value).DefaultIfEmpty(0).Max());

    public int Height => Across ? AcrossHeight + 30 : (Bars.Count * LineHeight) + 8;

    /// <summary>Every label of a month would overlap the next.</summary>
    private int LabelEvery => (Bars.Count + MaxLabels - 1) / MaxLabels;

    public bool HasLabel(int place) => place % LabelEvery == (Bars[^1].Marked ? (Bars.Count - 1) % LabelEvery : 0);

    public decimal Slot => Bars.Count == 0 ? 0 : (Width - Left) / (decimal)Bars.Count;

    public string Description
    {
        get
        {
            if (Bars.Count == 0) return "No data to show.";
            var (most, least) = (Bars.MaxBy(bar => bar.Value)!, Bars.MinBy(bar => bar.Value)!);
            return $"{(Bars.Count == 1 ? "One bar" : $"{Bars.Count} bars")}; the largest is {most.Label} with {most.ValueText}, the smallest {least.Label} with {least.ValueText}.";
        }
    }

    public decimal Length(Bar bar, int room)
    {
        ArgumentNullException.ThrowIfNull(bar);
        return Math.Round(Math.Max(0, bar.Value) * (decimal)room / Largest, 1);
    }
}

/// <summary>One bar and one line of the chart's table. Its JSON is hashed for saved reports, so names and order stay.</summary>
/// <param name="Value">The length; negative values draw nothing.</param>
/// <param name="ValueText">As shown: "£3,661.26".</param>
public sealed record Bar(string Label, string AxisLabel, long Value, [property: JsonPropertyName("Shown")] string ValueText, string? Address, bool Marked = false);

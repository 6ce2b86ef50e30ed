using System.Globalization;
using System.Text.Json.Serialization;

namespace CreditUsage.Core.Report.Charts;

/// <param name="Across">Bars beside each other, as for months; else below each other, as for names.</param>
public sealed record BarChart(string Id, string Title, string LabelHeading, IReadOnlyList<Bar> Bars, bool Across)
{
    private const int MaxLabels = 14;

    public ChartUnit Unit { get; init; }

    /// <summary>What is drawn: the bars, and a place for each day without one.</summary>
    public IReadOnlyList<Bar> Drawn { get; init; } = Bars;

    /// <summary>A line across the bars, such as a budget.</summary>
    public (string Label, long Value)? Line { get; init; }

    /// <summary>Months are read from the latest one down where they stand below each other.</summary>
    public bool NewestFirst { get; init; }

    public long Largest { get; } = Math.Max(1, Bars.Select(bar => bar.Value).DefaultIfEmpty(0).Max());

    public ChartScale Scale => ChartScale.Of(Math.Max(Largest, Line?.Value ?? 0));

    /// <summary>Every label of a long time would overlap the next.</summary>
    private int LabelEvery => Drawn.All(bar => bar.AxisLabel.Length <= 2) ? 1 : (Drawn.Count + MaxLabels - 1) / MaxLabels;

    public bool HasLabel(int place) => place % LabelEvery == (Drawn[^1].Marked ? (Drawn.Count - 1) % LabelEvery : 0);

    public string Description
    {
        get
        {
            if (Bars.Count == 0) return "No data to show.";
            var (most, least) = (Bars.MaxBy(bar => bar.Value)!, Bars.MinBy(bar => bar.Value)!);
            return $"{(Bars.Count == 1 ? "One bar" : $"{Bars.Count} bars")}; the largest is {most.Label} with {most.ValueText}, the smallest {least.Label} with {least.ValueText}.";
        }
    }

    /// <summary>From 0 to <paramref name="room"/>, which the largest bar fills.</summary>
    public decimal Length(Bar bar, int room) => Length(bar, room, Largest);

    /// <param name="largest">The value that fills the room.</param>
    public static decimal Length(Bar bar, int room, long largest)
    {
        ArgumentNullException.ThrowIfNull(bar);
        return Math.Round(Math.Max(0, bar.Value) * (decimal)room / largest, 1);
    }

    /// <summary>A number as SVG has it.</summary>
    public static string At(decimal number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}

/// <summary>One bar and one line of the chart's table. Its JSON is hashed for saved reports, so names and order stay.</summary>
/// <param name="Value">The length; negative values draw nothing.</param>
/// <param name="ValueText">As shown: "£3,661.26".</param>
public sealed record Bar(string Label, string AxisLabel, long Value, [property: JsonPropertyName("Shown")] string ValueText, string? Address, bool Marked = false)
{
    [JsonIgnore]
    public KindParts? Kinds { get; init; }

    [JsonIgnore]
    public bool Weekend { get; init; }

    /// <summary>"03/10/2026: £120.34 (sessions £100.00, top-ups £20.34)".</summary>
    [JsonIgnore]
    public string Words => $"{Label}: {ValueText}{(Kinds is { Sessions: > 0, TopUps: > 0 } ? $" (sessions {Kinds.SessionsText}, top-ups {Kinds.TopUpsText})" : "")}";

    /// <summary>The part of the bar's length that top-ups fill; sessions fill the rest.</summary>
    [JsonIgnore]
    public decimal TopUpShare => Kinds is not { TopUps: > 0 } kinds ? 0 : kinds.Sessions <= 0 ? 1 : (decimal)kinds.TopUps / (kinds.Sessions + kinds.TopUps);
}

/// <summary>A bar's value by kind, in its unit.</summary>
public sealed record KindParts(long Sessions, long TopUps, string SessionsText, string TopUpsText);

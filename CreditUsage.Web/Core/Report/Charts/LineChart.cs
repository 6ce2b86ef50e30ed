namespace CreditUsage.Core.Report.Charts;

/// <summary>A small line over equal steps, before a band where there is one.</summary>
/// <param name="Places">Steps from the left edge to the right one; the line may end before.</param>
public sealed record LineChart(string Description, IReadOnlyList<long> Line, int Places)
{
    /// <summary>In units of the drawing.</summary>
    public const int Height = 72;

    /// <summary>The least and the most at each step.</summary>
    public IReadOnlyList<(long Low, long High)> Band { get; init; } = [];

    /// <summary>Lines down the drawing, each with a word: the last below it, others above.</summary>
    public IReadOnlyList<(int Place, string Label)> Marks { get; init; } = [];

    public bool Filled { get; init; }

    private long Largest => Math.Max(1, Line.Concat(Band.Select(band => band.High)).DefaultIfEmpty(0).Max());

    public string LinePoints => string.Join(' ', Line.Select((value, place) => Point(place, value)));

    public string FillPoints => $"{Point(0, 0)} {LinePoints} {Point(Line.Count - 1, 0)}";

    public string BandPoints => string.Join(' ', Band.Select((band, place) => Point(place, band.High)).Concat(Band.Select((band, place) => Point(place, band.Low)).Reverse()));

    /// <summary>Per cent of the width.</summary>
    public decimal X(int place) => Places <= 1 ? 0 : Math.Round(place * 100m / (Places - 1), 2);

    public decimal Y(long value) => Math.Round(Height - (Math.Max(0, value) * (decimal)Height / Largest), 2);

    private string Point(int place, long value) => $"{BarChart.At(X(place))},{BarChart.At(Y(value))}";
}

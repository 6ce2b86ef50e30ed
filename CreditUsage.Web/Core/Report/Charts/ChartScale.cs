namespace CreditUsage.Core.Report.Charts;

/// <summary>Round steps up an axis from 0: each 1, 2 or 5 times a power of ten.</summary>
public sealed record ChartScale(long Step, int Steps)
{
    public const int MaxSteps = 5;

    public long Top => Step * Steps;

    public IEnumerable<long> Ticks => Enumerable.Range(0, Steps + 1).Select(step => step * Step);

    /// <param name="largest">The axis reaches at least this; 0 and less count as 1.</param>
    public static ChartScale Of(long largest)
    {
        largest = Math.Max(1, largest);
        var least = (largest / MaxSteps) + (largest % MaxSteps == 0 ? 0 : 1);
        var step = RoundSteps().First(step => step >= least);
        return new(step, (int)((largest + step - 1) / step));
    }

    private static IEnumerable<long> RoundSteps()
    {
        for (var power = 1L; ; power *= 10)
        {
            yield return power;
            yield return 2 * power;
            yield return 5 * power;
        }
    }
}

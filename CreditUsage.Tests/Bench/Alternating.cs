namespace CreditUsage.Tests.Bench;

/// <summary>Runs two things in turn, so that whatever else the machine does falls on both, and takes the medians.</summary>
internal static class Alternating
{
    public const int Rounds = 5;

    public static async Task<(Spent Ours, Spent Reference)> MediansAsync(Func<Task<Spent>> ours, Func<Task<Spent>> reference, int rounds = Rounds)
    {
        var (all, references) = (new List<Spent>(), new List<Spent>());
        for (var round = 0; round < rounds; round++)
        {
            all.Add(await ours());
            references.Add(await reference());
        }
        return (Median(all), Median(references));
    }

    private static Spent Median(List<Spent> runs) => new(Median(runs.Select(run => run.CpuSeconds)), Median(runs.Select(run => run.WallSeconds)));

    private static double Median(IEnumerable<double> figures) => figures.Order().ToList() is var ordered && ordered.Count % 2 == 1
        ? ordered[ordered.Count / 2]
        : (ordered[(ordered.Count / 2) - 1] + ordered[ordered.Count / 2]) / 2;
}

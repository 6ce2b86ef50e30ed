namespace CreditUsage.Tests.Bench;

/// <summary>What script/bench runs: each thing measured beside its reference in the same run, since machines differ and are noisy.</summary>
internal static class BenchProgram
{
    private const int WrongUsage = 2;

    private static readonly Dictionary<string, Func<string, Task<IReadOnlyList<Measure>>>> Benchmarks = new()
    {
        ["report"] = ReportBench.RunAsync,
        ["import"] = ImportBench.RunAsync,
        ["api"] = ApiBench.RunAsync,
        ["pdf"] = PdfBench.RunAsync,
        ["files"] = FilesBench.RunAsync,
        ["query"] = QueryBench.RunAsync,
        ["ledger"] = LedgerBench.RunAsync,
        ["insight"] = InsightBench.RunAsync,
        ["sign-in"] = SignInBench.RunAsync,
        ["backup"] = BackupBench.RunAsync,
    };

    public static async Task<int> RunAsync(string[] args)
    {
        var names = args.Length == 0 ? [.. Benchmarks.Keys] : args;
        if (names.FirstOrDefault(name => !Benchmarks.ContainsKey(name)) is { } unknown)
        {
            await Console.Error.WriteLineAsync($"There is no benchmark {unknown}; there are {string.Join(", ", Benchmarks.Keys)}.");
            return WrongUsage;
        }
        var measures = new List<Measure>();
        foreach (var name in names) measures.AddRange((await MeasureAsync(name)).Select(measure => measure.Checked()));
        MeasureTable.Print(measures, Console.Out);
        return 0;
    }

    /// <summary>In a folder of its own that goes with it.</summary>
    private static async Task<IReadOnlyList<Measure>> MeasureAsync(string name)
    {
        await Console.Error.WriteLineAsync($"Measuring {name} ...");
        var folder = Directory.CreateTempSubdirectory($"creditusage-bench-{name}-");
        try
        {
            return await Benchmarks[name](folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

using CreditUsage.Domain.Months;

namespace CreditUsage.Tests.Bench;

/// <summary>The PDF of a month, proof and properties included, against the engine alone on the same pages in one process; and how quick pages stay meanwhile.</summary>
internal static class PdfBench
{
    private const double CpuLimit = 1.25;
    private const double WallLimit = 0.65;
    private const double PagesLimit = 1.5;
    private const double MaxMegabytes = 256;
    private const int Largest = 100_000;

    /// <summary>What it takes until the site compiles nothing more of what makes a PDF: before that, half of its time goes there.</summary>
    private const int WarmRows = 40_000;

    /// <summary>Rows, and how often each is measured: the dear ones less, but more than once on a machine that others share.</summary>
    private static readonly (int Rows, int Rounds)[] Sizes = [(1_000, 15), (10_000, 7), (Largest, 5)];

    public static async Task<IReadOnlyList<Measure>> RunAsync(string folder)
    {
        var data = await BenchData.CreateAsync(Path.Combine(folder, "data"));
        foreach (var (rows, _) in Sizes) await data.AddMonthAsync(MonthOf(rows), rows);
        // Months that are made in the background otherwise.
        await using var site = await SiteProcess.StartAsync(data, new Dictionary<string, string> { ["CreditUsage__Reports__BackgroundRows"] = "1000000" });
        var measures = new List<Measure>();
        foreach (var (rows, rounds) in Sizes) measures.AddRange(await MeasureAsync(site, await PageSet.KeepAsync(data, MonthOf(rows), Path.Combine(folder, $"pages-{rows}")), rows, rounds));
        measures.AddRange(await PagesMeanwhileAsync(site));
        return measures;
    }

    private static UsageMonth MonthOf(int rows) => UsageMonth.Of(BenchData.Month.Start.AddMonths(-Array.FindIndex(Sizes, size => size.Rows == rows)));

    private static string PdfPath(int rows) => SiteProcess.ReportPath("/pdf", MonthOf(rows));

    private static async Task<IReadOnlyList<Measure>> MeasureAsync(SiteProcess site, PageSet pages, int rows, int rounds)
    {
        if (rows < Largest) await site.GetAsync(PdfPath(rows), times: Math.Max(2, WarmRows / rows));
        var enginePeak = 0L;
        var childPeak = 0L;
        var medians = await Alternating.MediansAsync(
            async () =>
            {
                var spent = default(Spent);
                childPeak = Math.Max(childPeak, await PeakWatch.OfChildrenAsync(site.Id, async () => spent = await site.GetAsync(PdfPath(rows))));
                return spent;
            },
            async () =>
            {
                var spent = default(Spent);
                enginePeak = Math.Max(enginePeak, await PeakWatch.OfChildrenAsync(Environment.ProcessId, async () => spent = await pages.Engine.RunAsync()));
                return spent;
            },
            rounds);
        var measures = new List<Measure>
        {
            Measure.Cpu($"pdf: {rows:N0} rows", medians, CpuLimit),
            Measure.Wall($"pdf: {rows:N0} rows", medians) with { Limit = rows == Largest ? WallLimit : null },
            Measure.Memory($"pdf: {rows:N0} rows, any program's peak, against the one process", childPeak, enginePeak),
            new Measure($"pdf: {rows:N0} rows, any program's peak", childPeak / 1e6, MaxMegabytes, "MB", 1),
            new Measure($"pdf: {rows:N0} rows, the site's peak", ProcessFigures.PeakBytes(site.Id) / 1e6, MaxMegabytes, "MB", 1),
        };
        if (rows < Largest) measures.Add(Measure.Cpu($"pdf: {rows:N0} rows, Chromium to the engine alone", (await pages.Browser.RunAsync(), medians.Reference), null));
        return measures;
    }

    private static async Task<IReadOnlyList<Measure>> PagesMeanwhileAsync(SiteProcess site)
    {
        const int rounds = 3;
        await P95Async(site, fragment: false);
        var measures = new List<Measure>();
        foreach (var (name, fragment) in new[] { ("page", false), ("fragment", true) })
        {
            var (busy, idle) = await Alternating.MediansAsync(() => WhileMakingAsync(site, () => P95Async(site, fragment)), () => P95Async(site, fragment), rounds);
            measures.Add(new Measure($"pdf: p95 of the {name} while four are made, to idle", busy.WallSeconds * 1000, idle.WallSeconds * 1000, "ms wall", PagesLimit));
        }
        return measures;
    }

    private static async Task<Spent> WhileMakingAsync(SiteProcess site, Func<Task<Spent>> act)
    {
        const int pdfs = 4;
        using var enough = new CancellationTokenSource();
        var making = Enumerable.Range(0, pdfs).Select(_ => RepeatAsync(() => site.GetAsync(PdfPath(10_000)), enough.Token)).ToList();
        var spent = await act();
        await enough.CancelAsync();
        await Task.WhenAll(making);
        return spent;
    }

    private static async Task RepeatAsync(Func<Task> act, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested) await act();
    }

    private static async Task<Spent> P95Async(SiteProcess site, bool fragment)
    {
        const int requests = 200;
        var spent = new List<Spent>();
        for (var request = 0; request < requests; request++) spent.Add(await site.GetAsync(SiteProcess.ReportPath(month: MonthOf(1_000)), fragment));
        return spent.OrderBy(one => one.WallSeconds).ElementAt(requests * 95 / 100);
    }
}

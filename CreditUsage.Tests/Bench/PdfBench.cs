namespace CreditUsage.Tests.Bench;

/// <summary>The PDF of a month, proof and properties included, against the engine alone on the same page set.</summary>
internal static class PdfBench
{
    private const double Limit = 1.2;
    private static readonly int[] Sizes = [1_000, 3_000, 10_000];

    public static async Task<IReadOnlyList<Measure>> RunAsync(string folder)
    {
        var data = await BenchData.CreateAsync(Path.Combine(folder, "data"));
        foreach (var size in Sizes) await data.AddMonthAsync(MonthOf(size), size);
        foreach (var size in Sizes) await KeepPageSetAsync(data, folder, size);
        var measures = new List<Measure>();
        foreach (var size in Sizes) measures.AddRange(await MeasureAsync(data, folder, size));
        return measures;
    }

    private static CreditUsage.Domain.UsageMonth MonthOf(int size) => CreditUsage.Domain.UsageMonth.Of(BenchData.Month.Start.AddMonths(-Array.IndexOf(Sizes, size)));

    private static string PdfPath(int size) => SiteProcess.ReportPath("/pdf", MonthOf(size));

    private static string PageSetOf(string folder, int size) => Path.Combine(folder, $"pages-{size}");

    private static async Task<IReadOnlyList<Measure>> MeasureAsync(BenchData data, string folder, int size)
    {
        var engine = Engine(PageSetOf(folder, size));
        await using var site = await SiteProcess.StartAsync(data);
        var idle = ProcessFigures.ResidentBytes(site.Id);
        await site.GetAsync(PdfPath(size), times: Math.Max(3, 12_000 / size));
        var medians = await Alternating.MediansAsync(() => site.GetAsync(PdfPath(size)), () => engine.RunAsync());
        var childPeak = await PeakWatch.OfChildrenAsync(site.Id, () => site.GetAsync(PdfPath(size)));
        var enginePeak = await PeakWatch.OfChildrenAsync(Environment.ProcessId, () => engine.RunAsync());
        return
        [
            Measure.Cpu($"pdf: {size:N0} rows", medians, Limit),
            Measure.Wall($"pdf: {size:N0} rows", medians),
            Measure.Memory($"pdf: {size:N0} rows, the engine's peak", childPeak, enginePeak),
            Measure.Memory($"pdf: {size:N0} rows, the site's peak to idle", ProcessFigures.PeakBytes(site.Id), idle),
        ];
    }

    /// <summary>Lets the site make one PDF with an engine that keeps what it was given aside.</summary>
    private static async Task KeepPageSetAsync(BenchData data, string folder, int size)
    {
        var kept = Directory.CreateDirectory(PageSetOf(folder, size)).FullName;
        var keeper = Path.Combine(kept, "keeper");
        await File.WriteAllTextAsync(keeper, $"#!/bin/sh\ncp in.html '{kept}/in.html'\nprintf '%s\\n' \"$@\" > '{kept}/arguments'\nexec wkhtmltopdf \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(keeper, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var site = await SiteProcess.StartAsync(data, new Dictionary<string, string> { ["CreditUsage__Pdf__WkhtmltopdfPath"] = keeper });
        await site.GetAsync(PdfPath(size));
    }

    private static ChildProgram Engine(string kept) => new("wkhtmltopdf", File.ReadAllLines(Path.Combine(kept, "arguments")))
    {
        Folder = kept,
        Variables = new Dictionary<string, string> { ["QT_QPA_PLATFORM"] = "offscreen", ["HOME"] = kept, ["TMPDIR"] = kept, ["XDG_RUNTIME_DIR"] = kept, ["LANG"] = "C.UTF-8", ["TZ"] = "UTC" },
    };
}

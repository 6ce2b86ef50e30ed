using CreditUsage.Domain.Months;

namespace CreditUsage.Tests.Bench;

/// <summary>The month as an Excel workbook: what it takes beside the CSV of the same rows, and how much the site grows by a very long one.</summary>
internal static class FilesBench
{
    private const int Events = 10_000;
    private const int ManyEvents = 1_000_000;
    private const double Limit = 6;

    /// <summary>By which the site may grow, whatever the length of the month.</summary>
    private const long GrowthBytes = 100_000_000;

    private static UsageMonth LongMonth => BenchData.Month.Previous;

    public static async Task<IReadOnlyList<Measure>> RunAsync(string folder)
    {
        var data = await BenchData.CreateAsync(folder);
        await data.AddMonthAsync(BenchData.Month, Events);
        await data.AddMonthAsync(LongMonth, ManyEvents);
        await using var site = await SiteProcess.StartAsync(data);
        await site.GetAsync(SiteProcess.ReportPath("/csv"), times: 60);
        await site.GetAsync(SiteProcess.ReportPath("/xlsx"), times: 30);
        var medians = await Alternating.MediansAsync(() => site.GetAsync(SiteProcess.ReportPath("/xlsx"), times: 10), () => site.GetAsync(SiteProcess.ReportPath("/csv"), times: 20));
        return [Measure.Cpu($"files: XLSX of {Events:N0} rows, to the CSV", medians, Limit), await GrowthAsync(data)];
    }

    private static async Task<Measure> GrowthAsync(BenchData data)
    {
        await using var site = await SiteProcess.StartAsync(data);
        await site.GetAsync(SiteProcess.ReportPath("/xlsx"), times: 5);
        var idle = ProcessFigures.ResidentBytes(site.Id);
        await site.GetAsync(SiteProcess.ReportPath("/xlsx", LongMonth));
        return Measure.Memory($"files: XLSX of {ManyEvents:N0} rows, the site's peak to idle and 100 MB", ProcessFigures.PeakBytes(site.Id), idle + GrowthBytes) with { Limit = 1 };
    }
}

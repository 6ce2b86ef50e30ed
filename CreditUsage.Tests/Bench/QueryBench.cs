using System.Diagnostics;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Bench;

/// <summary>One month's query with few and with many events in the table: a month's cost must not grow with its past.</summary>
internal static class QueryBench
{
    private const int Events = 10_000;
    private const double Limit = 1.3;

    public static async Task<IReadOnlyList<Measure>> RunAsync(string folder)
    {
        var few = await FilledAsync(Path.Combine(folder, "few"), months: 5);
        var many = await FilledAsync(Path.Combine(folder, "many"), months: 250);
        return
        [
            Measure.Cpu("query: totals and first page, 5,000,000 to 100,000", await QueriesAsync(many, few), Limit),
            Measure.Cpu("query: the fragment, 5,000,000 to 100,000", await FragmentsAsync(many, few), Limit),
        ];
    }

    /// <summary>Months of two subscriptions.</summary>
    private static async Task<BenchData> FilledAsync(string folder, int months)
    {
        var data = await BenchData.CreateAsync(folder);
        await data.AddMonthAsync(BenchData.Month, Events, forBoth: true);
        data.Repeat(times: months - 1);
        return data;
    }

    private static async Task<(Spent, Spent)> QueriesAsync(BenchData many, BenchData few)
    {
        await using var manySite = await many.OpenAsync();
        await using var fewSite = await few.OpenAsync();
        await QueryAsync(manySite, times: 100);
        await QueryAsync(fewSite, times: 100);
        return await Alternating.MediansAsync(() => QueryAsync(manySite, times: 50), () => QueryAsync(fewSite, times: 50));
    }

    private static async Task<(Spent, Spent)> FragmentsAsync(BenchData many, BenchData few)
    {
        await using var manySite = await SiteProcess.StartAsync(many);
        await using var fewSite = await SiteProcess.StartAsync(few);
        await FragmentAsync(manySite, times: 200);
        await FragmentAsync(fewSite, times: 200);
        return await Alternating.MediansAsync(() => FragmentAsync(manySite, times: 50), () => FragmentAsync(fewSite, times: 50));
    }

    private static Task<Spent> FragmentAsync(SiteProcess site, int times) => site.GetAsync(SiteProcess.ReportPath(), fragment: true, times);

    private static async Task<Spent> QueryAsync(WebApplication site, int times)
    {
        var before = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        for (var query = 0; query < times; query++) await QueryOnceAsync(site);
        return new Spent((Environment.CpuUsage.TotalTime - before).TotalSeconds, Stopwatch.GetElapsedTime(started).TotalSeconds).Per(times);
    }

    private static async Task QueryOnceAsync(WebApplication site)
    {
        await using var scope = site.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentSubscription>().Enter(BenchData.Subscription);
        var query = scope.ServiceProvider.GetRequiredService<ReportQuery>();
        var filter = new ReportFilter(BenchData.Month, Sessions: true, TopUps: true, UsageSort.Default);
        var report = await query.OpenAsync(filter, CancellationToken.None);
        var page = await report.PageAsync(UsagePosition.Start, CancellationToken.None);
        if (report.All.Events != Events || page.Rows.Count != UsagePage.MaxRows) throw new InvalidOperationException("The month is not what was put there.");
    }
}

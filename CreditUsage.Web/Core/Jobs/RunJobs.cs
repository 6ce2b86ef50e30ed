using CreditUsage.Domain.Reports;
using CreditUsage.Platform;
using Microsoft.Extensions.Options;
using CreditUsage.Platform.Jobs;
using Quartz;

namespace CreditUsage.Core.Jobs;

/// <summary>Makes the reports that wait, one after another and some side by side, until none waits or all places are taken.</summary>
public sealed class RunJobs(IServiceScopeFactory scopes, RecoverAbandonedJobs recover, IHostApplicationLifetime lifetime, IOptions<CreditUsageOptions> options)
{
    /// <summary>The job engine has ten threads, and every report that is made keeps one from imports and charges.</summary>
    private const int MaxAtOnce = 4;

    /// <summary>One place for PDFs is left to those who wait for theirs in front of the page.</summary>
    private int AtOnce => Math.Clamp((options.Value.Pdf.Concurrency ?? Environment.ProcessorCount) - 1, 1, MaxAtOnce);

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        await recover.RunAsync(stopping.Token);
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => RunWaitingAsync(stopping.Token)));
    }

    private async Task RunWaitingAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested && await ClaimAsync(stopping) is { } job) await RunJobAsync(job, stopping);
    }

    private async Task<ReportJob?> ClaimAsync(CancellationToken stopping)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ClaimNextJob>().RunAsync(AtOnce, stopping);
    }

    private Task RunJobAsync(ReportJob job, CancellationToken stopping) =>
        scopes.InAsync(job, services => services.GetRequiredService<RunJob>().RunAsync(job, stopping));
}

/// <summary>The job that makes what waits. What there is to do stands in our own rows, so that any run of it does.</summary>
public sealed class ReportJobsJob(RunJobs run) : IScheduledJob
{
    public static JobKey Key { get; } = new("make-reports");

    /// <summary>Every ten seconds: a request triggers the job at once; this finds what a killed process left, by one query.</summary>
    public static string Cron => "0/10 * * * * ?";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await run.RunAsync(cancellationToken);
}

/// <summary>Has the job engine look at the queue at once. Were the process to end before, the engine's next look finds what waits.</summary>
public sealed class TriggerJobs(ISchedulerFactory schedulers, TimeProvider clock)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        await scheduler.ScheduleJob(TriggerBuilder.Create(clock).ForJob(ReportJobsJob.Key).StartNow().Build(), cancellationToken: cancellation);
    }
}

using CreditUsage.Domain.Reports;
using CreditUsage.Platform;
using CreditUsage.Platform.Jobs;
using Microsoft.Extensions.Options;
using Quartz;

namespace CreditUsage.Core.Jobs;

/// <summary>Runs queued reports, some side by side, until none waits or all places are taken.</summary>
public sealed class RunJobs(IServiceScopeFactory scopes, RecoverAbandonedJobs recover, IHostApplicationLifetime lifetime, IOptions<CreditUsageOptions> options)
{
    /// <summary>The job engine has ten threads, and every running report takes one from imports and charges.</summary>
    private const int MaxAtOnce = 4;

    /// <summary>One place for PDFs is left to users who wait for theirs in front of the page.</summary>
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

/// <summary>Any run of this job does all the work in the queue, since the queue is in our own tables.</summary>
public sealed class ReportJobsJob(RunJobs run) : IScheduledJob
{
    public static JobKey Key { get; } = new("make-reports");

    /// <summary>Every ten seconds: a request triggers the job at once; this finds what a killed process left, with one query.</summary>
    public static string Cron => "0/10 * * * * ?";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await run.RunAsync(cancellationToken);
}

/// <summary>Starts the job at once. If the process ends before, the next scheduled run finds the work.</summary>
public sealed class TriggerJobs(ISchedulerFactory schedulers, TimeProvider clock)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        await scheduler.ScheduleJob(TriggerBuilder.Create(clock).ForJob(ReportJobsJob.Key).StartNow().Build(), cancellationToken: cancellation);
    }
}

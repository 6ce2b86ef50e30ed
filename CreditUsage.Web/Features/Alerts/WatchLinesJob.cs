using Quartz;

namespace CreditUsage.Features.Alerts;

/// <summary>Looks whether a line has been crossed, and tells those who want to hear of it.</summary>
[DisallowConcurrentExecution]
public sealed class WatchLinesJob(WatchEverySubscription watch) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await watch.RunAsync(cancellationToken);
}

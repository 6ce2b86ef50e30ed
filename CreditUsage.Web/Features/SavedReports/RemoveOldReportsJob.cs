using Quartz;

namespace CreditUsage.Features.SavedReports;

/// <summary>Removes each night what has been kept for long enough.</summary>
[DisallowConcurrentExecution]
public sealed class RemoveOldReportsJob(IServiceScopeFactory scopes) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await RemoveOldReports.FromEverySubscriptionAsync(scopes, cancellationToken);
}

using Quartz;

namespace CreditUsage.Features.Deliveries;

/// <summary>Sends what is due, and at a start of the site what became due while it was down.</summary>
[DisallowConcurrentExecution]
public sealed class DeliverMonthsJob(DeliverEverySubscription deliver) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await deliver.RunAsync(cancellationToken);
}

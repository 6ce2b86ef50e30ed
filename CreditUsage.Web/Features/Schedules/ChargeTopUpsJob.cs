using Quartz;

namespace CreditUsage.Features.Schedules;

/// <summary>Charges daily top-ups shortly after midnight.</summary>
[DisallowConcurrentExecution]
public sealed class ChargeTopUpsJob(ChargeEverySubscription charge) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await charge.RunAsync(cancellationToken);
}

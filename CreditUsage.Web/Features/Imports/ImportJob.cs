using CreditUsage.Data;
using Quartz;

namespace CreditUsage.Features.Imports;

/// <summary>The job that goes on with an import.</summary>
public sealed class ImportJob(CurrentSubscription current, ContinueImport continueImport) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var (subscription, import) = QueueImport.Read(context);
        current.Enter(subscription);
        await continueImport.RunAsync(import, cancellationToken);
    }
}

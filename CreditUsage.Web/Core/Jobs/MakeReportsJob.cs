using Quartz;

namespace CreditUsage.Core.Jobs;

/// <summary>The job that makes what waits. What there is to do stands in our own rows, so that any run of it does.</summary>
public sealed class MakeReportsJob(MakeReports makeReports) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await makeReports.RunAsync(cancellationToken);
}

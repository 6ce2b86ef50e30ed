using System.Collections.Concurrent;
using Quartz;

namespace CreditUsage.Tests.Support;

/// <summary>Which jobs a site has run to their end: its own start runs some, and a test may have to let them pass.</summary>
public sealed class EndedJobs : IJobListener
{
    private readonly ConcurrentDictionary<JobKey, int> _ended = [];

    public bool Has(JobKey job) => Count(job) > 0;

    public int Count(JobKey job) => _ended.GetValueOrDefault(job);

    public ValueTask JobWasExecuted(IJobExecutionContext context, JobExecutionException? jobException, CancellationToken cancellationToken = default)
    {
        _ended.AddOrUpdate(context.JobDetail.Key, 1, (_, count) => count + 1);
        return default;
    }
}

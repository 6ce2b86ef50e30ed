using System.Collections.Concurrent;
using Quartz;

namespace CreditUsage.Tests.Support;

/// <summary>Which jobs a site has run to their end: its own start runs some, and a test may have to let them pass.</summary>
public sealed class EndedJobs : IJobListener
{
    private readonly ConcurrentDictionary<JobKey, bool> _ended = [];

    public bool Has(JobKey job) => _ended.ContainsKey(job);

    public ValueTask JobWasExecuted(IJobExecutionContext context, JobExecutionException? jobException, CancellationToken cancellationToken = default)
    {
        _ended[context.JobDetail.Key] = true;
        return default;
    }
}

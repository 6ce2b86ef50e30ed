using CreditUsage.Core.Integrity;
using CreditUsage.Platform.Pdf;
using Quartz;

namespace CreditUsage.Tests.Support;

/// <summary>
/// Keeps a site's start from testing its PDF engine, which would take most of these tests longer than all they do, and from the check of a missed
/// night, which would come upon half of what a test prepares.
/// </summary>
internal sealed class NoEngineTest : ITriggerListener
{
    public ValueTask<bool> VetoJobExecution(ITrigger trigger, IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        new(context.JobDetail.JobType.Type == typeof(TestPdfEngineJob) || context.JobDetail.JobType.Type == typeof(CheckDataJob));
}

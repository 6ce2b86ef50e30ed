using Quartz;

namespace CreditUsage.Platform.Pdf;

/// <summary>The PDF engine's self-test, at every start and once a day.</summary>
[DisallowConcurrentExecution]
public sealed class TestPdfEngineJob(PdfSandboxRunner cage) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await cage.TestAsync(cancellationToken);
}

using CreditUsage.Platform.Jobs;
using Quartz;

namespace CreditUsage.Platform.Pdf;

public static class PdfSetup
{
    public static void AddPdf(this IServiceCollection services)
    {
        services.AddSingleton<PdfPrograms>();
        services.AddSingleton(PdfSandboxes.All);
        services.AddSingleton(PdfGuards.OfTheSystem);
        services.AddSingleton<SandboxProbe>();
        services.AddSingleton<PdfCanary>();
        services.AddSingleton<PdfSandboxRunner>();
        services.AddSingleton<PdfThrottle>();
        services.AddSingleton<RenderThrottle>();
        services.AddSingleton<IPdfEngine, WkhtmltopdfEngine>();
        services.AddScheduledJob<TestPdfEngineJob>();
    }
}

[DisallowConcurrentExecution]
public sealed class TestPdfEngineJob(PdfSandboxRunner runner) : IScheduledJob
{
    public static JobKey Key { get; } = new("test-pdf-engine");

    /// <summary>At 03:20 UTC, and at every start.</summary>
    public static string Cron => "0 20 3 * * ?";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await runner.TestAsync(cancellationToken);
}

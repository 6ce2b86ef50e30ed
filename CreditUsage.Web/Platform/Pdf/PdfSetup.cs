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

/// <summary>The PDF engine's self-test, at every start and once a day.</summary>
[DisallowConcurrentExecution]
public sealed class TestPdfEngineJob(PdfSandboxRunner runner) : IScheduledJob
{
    public static JobKey Key { get; } = new("test-pdf-engine");

    /// <summary>Each night.</summary>
    public static string Cron => "0 20 3 * * ?";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await runner.TestAsync(cancellationToken);
}

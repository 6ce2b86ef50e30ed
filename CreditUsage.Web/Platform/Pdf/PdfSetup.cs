using Quartz;

namespace CreditUsage.Platform.Pdf;

public static class PdfSetup
{
    private const string EveryNight = "0 20 3 * * ?";

    private static readonly JobKey Job = new("test-pdf-engine");

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
        services.ConfigureAllQuartzSchedulers(quartz => quartz.AddJob<TestPdfEngineJob>(job => job.WithIdentity(Job))
            .AddTrigger<TestPdfEngineJob>(trigger => trigger.ForJob(Job).WithIdentity(Job.Name).WithCronSchedule(EveryNight, cron => cron.InTimeZone(TimeZoneInfo.Utc)))
            .RunAtStartup(Job));
    }
}

/// <summary>The PDF engine's self-test, at every start and once a day.</summary>
[DisallowConcurrentExecution]
public sealed class TestPdfEngineJob(PdfSandboxRunner runner) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await runner.TestAsync(cancellationToken);
}

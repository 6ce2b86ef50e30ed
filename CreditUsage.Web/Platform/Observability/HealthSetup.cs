using CreditUsage.Data;
using CreditUsage.Platform.Integrity;
using CreditUsage.Platform.Pdf;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CreditUsage.Platform.Observability;

/// <summary>/health/live answers while the process runs; /health/ready checks the database and the PDF engine. Neither needs a sign-in or shows a name.</summary>
public static class HealthSetup
{
    private const string Tag = "ready";

    public static readonly HealthCheckOptions Live = new() { Predicate = _ => false, ResponseWriter = WriteAsync };

    public static readonly HealthCheckOptions Ready = new() { Predicate = check => check.Tags.Contains(Tag), ResponseWriter = WriteAsync };

    public static void AddHealth(this IServiceCollection services) => services.AddSingleton(DiskSpace.OfTheMachine).AddHealthChecks()
        .AddDbContextCheck<CreditUsageDb>("database", tags: [Tag])
        .AddCheck<MigrationsCheck>("migrations", tags: [Tag])
        .AddCheck<StoppingCheck>("stopping", tags: [Tag])
        .AddCheck<DatabaseWritesCheck>("database writes", tags: [Tag])
        .AddCheck<DataFolderCheck>("data folder", tags: [Tag])
        .AddCheck<DiskSpaceCheck>("disk space", tags: [Tag])
        .AddCheck<JobsCheck>("jobs", tags: [Tag])
        .AddCheck<PdfEngineCheck>("wkhtmltopdf", failureStatus: HealthStatus.Degraded, tags: [Tag])
        .AddDataChecks(Tag);

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        status = report.Status.ToString(),
        checks = report.Entries.ToDictionary(entry => entry.Key, entry => new { status = entry.Value.Status.ToString(), entry.Value.Description, entry.Value.Data }),
    });

    private sealed class MigrationsCheck(CreditUsageDb db) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            if (await db.IsNewerAsync(cancellationToken)) return HealthCheckResult.Unhealthy("A newer version of CreditUsage has changed this database; start that version.");
            var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).Count();
            return pending == 0 ? HealthCheckResult.Healthy("up to date") : HealthCheckResult.Unhealthy($"{pending} pending; run the migrate verb");
        }
    }

    /// <summary>Degraded, not down: without the engine the site still reports and prints, and in a weak sandbox it makes PDFs.</summary>
    private sealed class PdfEngineCheck(PdfSandboxRunner runner) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var status = await runner.GetStatusAsync(cancellationToken);
            return status.Warning is { } warning
                ? new HealthCheckResult(context.Registration.FailureStatus, warning, data: Data(status))
                : HealthCheckResult.Healthy("answers", Data(status));
        }

        private static Dictionary<string, object> Data(PdfEngineStatus status)
        {
            var data = new Dictionary<string, object>();
            if (status.Level is { } level) (data["version"], data["sandbox"]) = (level.Version, level.Sandbox.ToString());
            if (status.Level is { MissingGuards.Length: > 0 } unguarded) data["missingGuards"] = unguarded.MissingGuards;
            data["fonts"] = PrintedFonts.Summary;
            data["canary"] = status.Canary is { } canary ? canary.Problem ?? "passed" : "not run yet";
            if (status.Canary is { } run) data["canaryAt"] = run.At;
            return data;
        }
    }
}

using CreditUsage.Domain.Integrity;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Integrity;

public static class DataHealth
{
    /// <summary>How old the last check or backup of a night may be.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(48);

    public static IHealthChecksBuilder AddDataChecks(this IHealthChecksBuilder health, string tag)
    {
        ArgumentNullException.ThrowIfNull(health);
        return health.AddCheck<DatabaseCheck>("integrity", tags: [tag]).AddCheck<RecordsCheck>("data", tags: [tag]).AddCheck<BackupCheck>("backup", tags: [tag]);
    }

    private static HealthCheckResult Of(TimeProvider clock, string what, DataCheck? check)
    {
        if (check is null) return HealthCheckResult.Healthy($"no {what} yet");
        var data = new Dictionary<string, object> { ["at"] = check.At };
        if (check.SoundAt is { } sound) (data["soundAt"], data["ageHours"]) = (sound, (int)(clock.GetUtcNow() - sound).TotalHours);
        if (check.Problem is { } problem) return HealthCheckResult.Degraded(problem, data: data);
        return clock.GetUtcNow() - check.At > MaxAge ? HealthCheckResult.Degraded($"the last {what} is older than {MaxAge.TotalHours:0} hours", data: data) : HealthCheckResult.Healthy($"the last {what} is sound", data);
    }

    /// <summary>A damaged database shows wrong figures, so it is not ready.</summary>
    private sealed class DatabaseCheck(DataChecks checks) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var check = checks.Find(DataCheckKind.Database);
            var data = check is null ? null : new Dictionary<string, object> { ["at"] = check.At };
            return Task.FromResult(checks.IsDamaged ? HealthCheckResult.Unhealthy(DataChecks.Damaged, data: data)
                : HealthCheckResult.Healthy(checks.Checking ? "checking" : check is null ? "not checked" : "sound", data));
        }
    }

    private sealed class RecordsCheck(DataChecks checks, TimeProvider clock) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var all = checks.All.Where(check => check.Kind == DataCheckKind.Records).OrderBy(check => check.Of).ToList();
            return Task.FromResult(Of(clock, "check", all.Find(check => check.Problem is not null) ?? all.MinBy(check => check.At)));
        }
    }

    private sealed class BackupCheck(DataChecks checks, TimeProvider clock, IOptions<CreditUsageOptions> options) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
            options.Value.Backup.Path is null ? HealthCheckResult.Healthy("the site makes none: no folder is set") : Of(clock, "backup", checks.Find(DataCheckKind.Backup)));
    }
}

using System.Globalization;
using CreditUsage.Data;
using CreditUsage.Data.Engines;
using CreditUsage.Platform.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Quartz;

namespace CreditUsage.Platform.Observability;

/// <summary>How much room a folder's disk has, in bytes.</summary>
public sealed record DiskSpace(Func<string, (long Free, long Total)> Of)
{
    public static readonly DiskSpace OfTheMachine = new(folder =>
    {
        var drive = new DriveInfo(folder);
        return (drive.AvailableFreeSpace, drive.TotalSize);
    });
}

/// <summary>The first to turn when the site is told to stop: a load balancer sends nobody else, while those who are here are answered.</summary>
internal sealed class StoppingCheck(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("the site stops") : HealthCheckResult.Healthy("not stopping"));
}

internal sealed class DatabaseWritesCheck(CreditUsageDb db) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await db.CanWriteAsync(Patience, cancellationToken) ? HealthCheckResult.Healthy("can be written")
                : HealthCheckResult.Degraded("Somebody else is writing to the database: what is saved now waits, or is refused in words.");
        }
        catch (Exception problem) when (DatabaseFailure.IsUnavailable(problem))
        {
            return HealthCheckResult.Unhealthy("The database cannot be written. Check its file, its disk and the rights of the site's account.", problem);
        }
    }
}

internal sealed class DataFolderCheck(IOptions<CreditUsageOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check(options.Value.DataFolder));

    /// <summary>Without the path, which is nobody's business here.</summary>
    private static HealthCheckResult Check(string folder)
    {
        if (DataFolder.ProblemOf(folder) is not null) return HealthCheckResult.Unhealthy("The data folder cannot be written: no report, import or closing can be saved.");
        return DataFolder.OpennessOf(folder) is { } open ? HealthCheckResult.Degraded(open) : HealthCheckResult.Healthy("can be written, by the site alone");
    }
}

internal sealed class DiskSpaceCheck(DiskSpace space, IOptions<CreditUsageOptions> options) : IHealthCheck
{
    private const double Least = 0.05;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check(space.Of(options.Value.DataFolder)));

    private static HealthCheckResult Check((long Free, long Total) disk)
    {
        var share = disk.Total == 0 ? 1 : (double)disk.Free / disk.Total;
        var free = string.Create(CultureInfo.InvariantCulture, $"{share:0.0%} of the data folder's disk is free");
        return share >= Least ? HealthCheckResult.Healthy(free) : HealthCheckResult.Degraded($"{free}. Make room before nothing can be saved any more.");
    }
}

/// <summary>Degraded, not down: pages answer without jobs, while reports, imports and charges wait.</summary>
internal sealed class JobsCheck(ISchedulerFactory schedulers, JobsDatabase jobs, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        if (scheduler.Status != SchedulerStatus.Running) return HealthCheckResult.Degraded("Jobs have stopped: reports, imports and charges wait. Start the site again.");
        if (!jobs.IsWhole()) return HealthCheckResult.Degraded("The file of the job engine is missing or damaged. It is made anew within seconds.");
        return jobs.EarliestDue() is { } due && clock.GetUtcNow() - due.At > Patience
            ? HealthCheckResult.Degraded(string.Create(CultureInfo.InvariantCulture, $"The job {due.Job} has been due since {due.At:yyyy-MM-dd HH:mm} UTC and has not begun. Start the site again."))
            : HealthCheckResult.Healthy("running");
    }
}

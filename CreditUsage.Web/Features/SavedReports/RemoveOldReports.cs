using CreditUsage.Core;
using CreditUsage.Core.Integrity;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform;
using CreditUsage.Platform.Jobs;
using CreditUsage.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Quartz;

namespace CreditUsage.Features.SavedReports;

/// <summary>Removes old files of saved reports; the rows stay, so that a copy can always be verified. Does not trust the clock alone: docs/decisions/0014.</summary>
public sealed class RemoveOldReports(CreditUsageDb db, CurrentSubscription current, ReportFiles files, AuditLog audit, ClockWitness clockWitness, IOptions<CreditUsageOptions> options, TimeProvider clock)
{
    /// <summary>The subject of the audit entry of the night before.</summary>
    public const string Announced = "Saved reports";

    public static async Task FromEverySubscriptionAsync(IServiceScopeFactory scopes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        await using var scope = scopes.CreateAsyncScope();
        foreach (var subscription in await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().Subscriptions.Select(subscription => subscription.Id).ToListAsync(cancellation))
            await scopes.InSubscriptionAsync(subscription, services => services.GetRequiredService<RemoveOldReports>().RunAsync(cancellation));
    }

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        current.Actor = "CreditUsage";
        var years = options.Value.Reports.KeepYears;
        var due = await db.SavedReports.Where(report => report.RemovedAt == null && report.SavedAt < clock.GetUtcNow().AddYears(-years)).OrderBy(report => report.SavedAt).ToListAsync(cancellation);
        var witness = due.Count == 0 ? null : await clockWitness.FindAsync(cancellation);
        var old = due.Where(report => report.SavedAt < witness?.At.AddYears(-years)).ToList();
        if (old.Count < due.Count) await AnnounceAsync(due.Count - old.Count, witness, cancellation);
        var removed = 0;
        foreach (var report in old)
            if (await MarkAsync(report, years, cancellation)) removed++;
        // Files after rows, including what an interrupted run left: a file without a row belongs to nobody.
        foreach (var sha256 in await db.SavedReports.Where(report => report.RemovedAt != null).Select(report => report.Sha256).Distinct().ToListAsync(cancellation))
            if (!await db.SavedReports.OfEverySubscription().AnyAsync(report => report.Sha256 == sha256 && report.RemovedAt == null, cancellation))
                await files.RemoveAsync(sha256, cancellation);
        return removed;
    }

    private Task AnnounceAsync(int count, AuditEntry? witness, CancellationToken cancellation) => clockWitness.AnnounceAsync(
        AuditAction.Remove, Announced, $"{Display.Count(count, "report has", "reports have")} been kept for long enough by the clock, and are removed the next night if it still says so", witness, cancellation);

    /// <summary>False where another run was first, so that a removal is recorded once.</summary>
    private async Task<bool> MarkAsync(SavedReport report, int years, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        if (await db.SavedReports.Where(kept => kept.Id == report.Id && kept.RemovedAt == null).ExecuteUpdateAsync(set => set.SetProperty(kept => kept.RemovedAt, now), cancellation) == 0) return false;
        await audit.AddAsync(
            AuditAction.Remove, UsageMonth.Of(report.MonthStart).Name,
            $"{report.Label}, saved at {Display.Moment(report.SavedAt)} by {report.SavedBy}, SHA-256 {report.Sha256}: kept for {Display.Count(years, "year", "years")}", cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }
}

/// <summary>Removes files that no row of any subscription names, such as what a save left that was killed before its row.</summary>
public sealed partial class SweepReportFiles(CreditUsageDb db, ReportFiles files, ILogger<SweepReportFiles> log)
{
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var removed = 0;
        foreach (var (sha256, extension) in await files.OldAsync(cancellation))
        {
            if (await IsNamedAsync(sha256, cancellation)) continue;
            await using var transaction = await db.BeginWriteAsync(cancellation);
            if (!await IsNamedAsync(sha256, cancellation) && await files.RemoveUnnamedAsync(sha256, extension, cancellation)) removed++;
            await transaction.CommitAsync(cancellation);
        }
        if (removed > 0) LogRemoved(removed);
        return removed;
    }

    private async Task<bool> IsNamedAsync(string sha256, CancellationToken cancellation) =>
        await db.SavedReports.OfEverySubscription().AnyAsync(report => report.Sha256 == sha256 && report.RemovedAt == null, cancellation)
        || await db.MonthClosings.OfEverySubscription().AnyAsync(closing => closing.RowsSha256 == sha256, cancellation);

    [LoggerMessage(LogLevel.Information, "{Count} files of reports that no row named were removed")]
    private partial void LogRemoved(int count);
}

[DisallowConcurrentExecution]
public sealed class RemoveOldReportsJob(IServiceScopeFactory scopes, SweepReportFiles sweep) : IScheduledJob
{
    public static JobKey Key { get; } = new("remove-old-reports");

    public static string Cron => "0 41 2 * * ?";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        await RemoveOldReports.FromEverySubscriptionAsync(scopes, cancellationToken);
        await sweep.RunAsync(cancellationToken);
    }
}

using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain;
using CreditUsage.Features.Shared;
using CreditUsage.Platform;
using CreditUsage.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CreditUsage.Features.SavedReports;

/// <summary>
/// Removes the files of saved reports that have been kept for as many years as the setting says, and writes into the audit what was
/// removed. What is on record of them stays, so that a copy can be verified for ever.
/// </summary>
public sealed class RemoveOldReports(CreditUsageDb db, CurrentSubscription current, ReportFiles files, AuditLog audit, IOptions<CreditUsageOptions> options, TimeProvider clock)
{
    /// <summary>Does it for each subscription, in a scope of its own.</summary>
    public static async Task FromEverySubscriptionAsync(IServiceScopeFactory scopes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        await using var scope = scopes.CreateAsyncScope();
        foreach (var subscription in await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().Subscriptions.Select(subscription => subscription.Id).ToListAsync(cancellation))
        {
            await using var own = scopes.CreateAsyncScope();
            own.ServiceProvider.GetRequiredService<CurrentSubscription>().Enter(subscription);
            await own.ServiceProvider.GetRequiredService<RemoveOldReports>().RunAsync(cancellation);
        }
    }

    /// <returns>How many reports were removed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        current.Actor = "CreditUsage";
        var years = options.Value.Reports.KeepYears;
        var old = await db.SavedReports.Where(report => report.RemovedAt == null && report.SavedAt < clock.GetUtcNow().AddYears(-years)).OrderBy(report => report.SavedAt).ToListAsync(cancellation);
        foreach (var report in old) await MarkAsync(report, years, cancellation);
        // The row first and the file after, and whatever an interrupted run left: a file without a row is nobody's.
        foreach (var sha256 in await db.SavedReports.Where(report => report.RemovedAt != null).Select(report => report.Sha256).Distinct().ToListAsync(cancellation))
            if (!await db.SavedReports.IgnoreQueryFilters().AnyAsync(report => report.Sha256 == sha256 && report.RemovedAt == null, cancellation))
                files.Remove(sha256);
        return old.Count;
    }

    private async Task MarkAsync(SavedReport report, int years, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        report.RemovedAt = clock.GetUtcNow();
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(
            AuditAction.Remove, UsageMonth.Of(report.MonthStart).Name,
            $"{report.Label}, saved at {Display.Moment(report.SavedAt)} by {report.SavedBy}, SHA-256 {report.Sha256}: kept for {Display.Count(years, "year", "years")}", cancellation);
        await transaction.CommitAsync(cancellation);
    }
}

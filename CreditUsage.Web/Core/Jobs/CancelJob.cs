using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Reports;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Jobs;

/// <summary>Cancels a queued report, and stops one that is running. A finished one stays as it is.</summary>
public sealed class CancelJob(CreditUsageDb db, RunningJobs running, AuditLog audit, TimeProvider clock)
{
    public async Task RunAsync(Guid id, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var wanted = db.ReportJobs.Where(job => job.Id == id && job.CancelRequestedAt == null && (job.State == ReportJobState.Queued || job.State == ReportJobState.Running));
        if (await wanted.SingleOrDefaultAsync(cancellation) is not { } job) return;
        job.CancelRequestedAt = clock.GetUtcNow();
        if (job.State == ReportJobState.Queued) (job.State, job.EndedAt) = (ReportJobState.Cancelled, job.CancelRequestedAt);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(job.ActionForAudit(), job.Month.Name, $"Cancelled in the background: {job.AuditDetails()}", cancellation);
        await transaction.CommitAsync(cancellation);
        running.Cancel(id);
    }
}

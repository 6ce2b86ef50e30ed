using System.Collections.Concurrent;
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
        await using var transaction = await db.BeginWriteAsync(cancellation);
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

/// <summary>The reports that this process is running, so that one cancelled here stops at once.</summary>
public sealed class RunningJobs
{
    private readonly ConcurrentDictionary<Guid, RunningJob> _running = [];

    public RunningJob Begin(Guid job, CancellationToken stopping) => _running[job] = new RunningJob(report => _running.TryRemove(new(job, report)), stopping);

    public bool Has(Guid job) => _running.ContainsKey(job);

    /// <summary>Does nothing where another process runs it: that one reads the cancellation from the job's row.</summary>
    public void Cancel(Guid job)
    {
        if (_running.TryGetValue(job, out var report)) report.Cancel();
    }
}

public sealed class RunningJob : IDisposable
{
    // Never disposed: it holds nothing, and a cancellation may arrive as the report ends.
    private readonly CancellationTokenSource _cancel = new();
    private readonly CancellationTokenSource _either;
    private readonly Action<RunningJob> _ended;

    public RunningJob(Action<RunningJob> ended, CancellationToken stopping)
    {
        _ended = ended;
        _either = CancellationTokenSource.CreateLinkedTokenSource(_cancel.Token, stopping);
        Token = _either.Token;
    }

    public CancellationToken Token { get; }

    public void Cancel() => _cancel.Cancel();

    public void Dispose()
    {
        _ended(this);
        _either.Dispose();
    }
}

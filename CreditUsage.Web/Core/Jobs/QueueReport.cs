using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Jobs;

/// <summary>Queues reports. A request that is queued or running already is answered with that job.</summary>
public sealed class QueueReport(ReportQuery query, QueuedJobs queued, TriggerJobs trigger, CreditUsageDb db, CurrentSubscription current, AuditLog audit, JobLimits limits, TimeProvider clock)
{
    /// <exception cref="TooManyReportsException">The queue is full; nothing was added.</exception>
    public async Task<ReportJob> RunAsync(ReportRequest asked, CancellationToken cancellation) => (await RunAsync([new(asked)], batch: null, cancellation))[0];

    /// <summary>Queues all of them, or none.</summary>
    public async Task<IReadOnlyList<ReportJob>> RunAsync(IReadOnlyList<JobRequest> asked, Guid? batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var jobs = new List<ReportJob>();
        // A millisecond apart, so that a batch keeps its order.
        foreach (var wanted in asked) jobs.Add(New(wanted, batch, await RowCountAsync(wanted, cancellation), clock.GetUtcNow().AddMilliseconds(jobs.Count)));
        jobs = await EnterAsync(jobs, cancellation);
        await trigger.RunAsync(CancellationToken.None);
        return jobs;
    }

    private async Task<List<ReportJob>> EnterAsync(List<ReportJob> asked, CancellationToken cancellation)
    {
        // Under the write lock: of two equal requests at once, the second finds the first's job.
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var jobs = new List<ReportJob>();
        foreach (var job in asked) jobs.Add(await SameAsync(job, cancellation) ?? job);
        var added = jobs.Intersect(asked).ToList();
        var room = limits.MaxInQueue - await queued.CountAsync(cancellation);
        // A queue filled by other subscriptions never refuses a subscription its first report.
        if (added.Count > room && (added.Count > 1 || await queued.OwnAsync(cancellation) > 0)) throw new TooManyReportsException(limits.MaxInQueue, room, added.Count);
        db.AddRange(added);
        await db.SaveChangesAsync(cancellation);
        foreach (var job in added) await audit.AddAsync(job.ActionForAudit(), job.Month.Name, $"Asked for in the background: {job.AuditDetails()}", cancellation);
        await transaction.CommitAsync(cancellation);
        return jobs;
    }

    private Task<ReportJob?> SameAsync(ReportJob asked, CancellationToken cancellation) => db.ReportJobs.AsNoTracking()
        .Where(job => job.Request == asked.Request && job.Form == asked.Form && job.Closes == asked.Closes && job.ClosesFrom == asked.ClosesFrom && job.CancelRequestedAt == null && (job.State == ReportJobState.Queued || job.State == ReportJobState.Running))
        .FirstOrDefaultAsync(cancellation);

    private Task<int> RowCountAsync(JobRequest asked, CancellationToken cancellation)
    {
        var last = asked.Report.Filter.Month;
        return asked.ClosesFrom is { } first ? db.UsageEvents.CountAsync(usage => usage.ReportMonth >= first && usage.ReportMonth <= last, cancellation)
            : query.RowCountAsync(asked.Report.Filter, cancellation);
    }

    private ReportJob New(JobRequest asked, Guid? batch, int rows, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at),
        SubscriptionId = db.RequireSubscriptionId(),
        Form = asked.Report.Type,
        Month = asked.Report.Filter.Month,
        Closes = asked.Closes,
        ClosesFrom = asked.ClosesFrom,
        Note = asked.Note,
        Request = asked.Report.Query,
        BatchId = batch,
        RequestedBy = current.Actor,
        RequestedAt = at,
        State = ReportJobState.Queued,
        Rows = rows,
    };
}

/// <param name="ClosesFrom">The first of several months to close, up to the report's; null for one alone.</param>
public sealed record JobRequest(ReportRequest Report, bool Closes = false, string? Note = null, UsageMonth? ClosesFrom = null);

public sealed class TooManyReportsException : UserFacingException
{
    public static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    public TooManyReportsException(int most, int room, int asked) : base(room <= 0
        ? $"{most} reports are already waiting or in progress. Try again in a few minutes."
        : $"You asked for {asked} reports, but only {room} more can wait. Choose fewer months, or try again in a few minutes.")
    {
    }
}

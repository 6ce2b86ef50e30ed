using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Jobs;

/// <summary>Enters reports that are to be made in the background. What waits or is made already is answered as it stands, not entered again.</summary>
public sealed class QueueReport(ReportQuery query, QueuedJobs queued, TriggerJobs trigger, CreditUsageDb db, CurrentSubscription current, AuditLog audit, JobLimits limits, TimeProvider clock)
{
    /// <param name="asked">Of a valid filter.</param>
    /// <exception cref="TooManyReportsException">It has to wait; nothing was entered.</exception>
    public async Task<ReportJob> RunAsync(ReportRequest asked, CancellationToken cancellation) => (await RunAsync([new(asked)], batch: null, cancellation))[0];

    /// <summary>All of them, or none.</summary>
    /// <param name="asked">Of valid filters.</param>
    /// <param name="batch">What those that are asked for together have in common.</param>
    /// <exception cref="TooManyReportsException">They have to wait; nothing was entered.</exception>
    public async Task<IReadOnlyList<ReportJob>> RunAsync(IReadOnlyList<JobRequest> asked, Guid? batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var jobs = new List<ReportJob>();
        // A millisecond apart, so that a batch is made in its own order.
        foreach (var wanted in asked) jobs.Add(New(wanted, batch, await query.RowCountAsync(wanted.Report.Filter, cancellation), clock.GetUtcNow().AddMilliseconds(jobs.Count)));
        jobs = await EnterAsync(jobs, cancellation);
        await trigger.RunAsync(CancellationToken.None);
        return jobs;
    }

    private async Task<List<ReportJob>> EnterAsync(List<ReportJob> asked, CancellationToken cancellation)
    {
        // Under the lock for writing: of two that ask for the same at once, the second finds the first's.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var jobs = new List<ReportJob>();
        foreach (var job in asked) jobs.Add(await SameAsync(job, cancellation) ?? job);
        var added = jobs.Intersect(asked).ToList();
        var room = limits.MaxInQueue - await queued.CountAsync(cancellation);
        // A full queue of others keeps nobody from having one report made: the turns are shared out between subscriptions.
        if (added.Count > room && (added.Count > 1 || await queued.OwnAsync(cancellation) > 0)) throw new TooManyReportsException(limits.MaxInQueue, room, added.Count);
        db.AddRange(added);
        await db.SaveChangesAsync(cancellation);
        foreach (var job in added) await audit.AddAsync(job.ActionForAudit(), job.Month.Name, $"Asked for in the background: {job.AuditDetails()}", cancellation);
        await transaction.CommitAsync(cancellation);
        return jobs;
    }

    /// <summary>The one of the same month, kinds and order, or closing of the same month, that will still be made.</summary>
    private Task<ReportJob?> SameAsync(ReportJob asked, CancellationToken cancellation) => db.ReportJobs.AsNoTracking()
        .Where(job => job.Request == asked.Request && job.Form == asked.Form && job.Closes == asked.Closes && job.CancelRequestedAt == null && (job.State == ReportJobState.Queued || job.State == ReportJobState.Running))
        .FirstOrDefaultAsync(cancellation);

    private ReportJob New(JobRequest asked, Guid? batch, int rows, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at),
        SubscriptionId = db.RequireSubscriptionId(),
        Form = asked.Report.Type,
        Month = asked.Report.Filter.Month,
        Closes = asked.Closes,
        Note = asked.Note,
        Request = asked.Report.Query,
        BatchId = batch,
        RequestedBy = current.Actor,
        RequestedAt = at,
        State = ReportJobState.Queued,
        Rows = rows,
    };
}

/// <summary>What is asked for in the background.</summary>
/// <param name="Report">Of a valid filter.</param>
/// <param name="Closes">The month is to be closed, and the report is what is kept of that.</param>
/// <param name="Note">Of a closing: why, although something advised is missing on the month's checklist.</param>
public sealed record JobRequest(ReportRequest Report, bool Closes = false, string? Note = null);

/// <summary>There is no room for another report in the background at the moment. The message says so, and what to do.</summary>
public sealed class TooManyReportsException : UserFacingException
{
    /// <summary>When it is worth trying again.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    /// <param name="most">How many may wait or be made.</param>
    /// <param name="room">How many more there is room for.</param>
    /// <param name="asked">How many new ones were asked for.</param>
    public TooManyReportsException(int most, int room, int asked) : base(room <= 0
        ? $"{most} reports are waiting or being made already, and no more may wait. Try again in a few minutes."
        : $"There is room for {room} more {(room == 1 ? "report" : "reports")} at the moment, and you asked for {asked}. Choose fewer months, or try again in a few minutes.")
    {
    }
}

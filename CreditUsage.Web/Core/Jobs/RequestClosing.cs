using CreditUsage.Core.Closing;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CreditUsage.Core.Jobs;

/// <summary>Closes a month at the request of a user: a short one at once, a long one in the background.</summary>
public sealed class RequestClosing(CreditUsageDb db, ReportQuery query, CloseMonth closeMonth, QueueReport queue, IOptions<CreditUsageOptions> options)
{
    /// <summary>From so many on, several months are closed in the background.</summary>
    public const int BackgroundMonths = 5;

    /// <returns>The address of the page that shows its progress; null where the month is closed.</returns>
    /// <exception cref="UserFacingException">The checklist is not met, or the queue is full; nothing has changed.</exception>
    public async Task<string?> RunAsync(UsageMonth month, string? note, CancellationToken cancellation)
    {
        // A closing under way needs nothing more, even if the checklist has changed since.
        if (await UnderWayAsync(month, cancellation) is { } underWay) return underWay;
        var filter = ReportFilter.Whole(month);
        if (await query.RowCountAsync(filter, cancellation) <= options.Value.Reports.BackgroundRows)
        {
            await closeMonth.RunAsync(month, note, cancellation);
            return null;
        }
        await closeMonth.CheckAsync(month, note, cancellation);
        return (await queue.RunAsync([new(new(filter), Closes: true, note)], batch: null, cancellation))[0].Address();
    }

    /// <summary>Closes several months in the background, one after the other.</summary>
    /// <param name="first">The earliest open month.</param>
    /// <returns>The address of the page that shows its progress.</returns>
    /// <exception cref="UserFacingException">The checklist of the first is not met, or the queue is full; nothing has changed.</exception>
    public async Task<string> SeveralAsync(UsageMonth first, UsageMonth last, string? note, CancellationToken cancellation)
    {
        if (await UnderWayAsync(first, cancellation) is { } underWay) return underWay;
        await closeMonth.CheckAsync(first, note, cancellation);
        return (await queue.RunAsync([new(new(ReportFilter.Whole(last)), Closes: true, note, first)], batch: null, cancellation))[0].Address();
    }

    public async Task<string?> UnderWayAsync(UsageMonth month, CancellationToken cancellation)
    {
        var closing = await db.ReportJobs.AsNoTracking().Where(job => job.Closes && job.CancelRequestedAt == null)
            .Where(job => job.ClosesFrom == null ? job.Month == month : job.ClosesFrom <= month && job.Month >= month)
            .FirstOrDefaultAsync(job => job.State == ReportJobState.Queued || job.State == ReportJobState.Running, cancellation);
        return closing?.Address();
    }
}

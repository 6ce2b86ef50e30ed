using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Features.Shared;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CreditUsage.Core.Jobs;

/// <summary>Has a long month closed in the background.</summary>
public sealed class QueueClosing(CreditUsageDb db, UsageReportQuery query, QueueReport queue, IOptions<CreditUsageOptions> options) : ILongMonths
{
    public async Task<string?> CloseAsync(UsageMonth month, string? note, CancellationToken cancellation)
    {
        var filter = UsageReportFilter.Whole(month);
        if (await query.RowCountAsync(filter, cancellation) <= options.Value.Reports.BackgroundRows) return null;
        return (await queue.RunAsync([new(new(filter), Closes: true, note)], batch: null, cancellation))[0].Address();
    }

    public async Task<string?> UnderWayAsync(UsageMonth month, CancellationToken cancellation)
    {
        var closing = await db.ReportJobs.AsNoTracking().Where(job => job.Closes && job.Month == month && job.CancelRequestedAt == null)
            .FirstOrDefaultAsync(job => job.State == ReportJobState.Queued || job.State == ReportJobState.Running, cancellation);
        return closing?.Address();
    }
}

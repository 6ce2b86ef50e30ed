using CreditUsage.Core.Closing;
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
public sealed class QueueClosing(CreditUsageDb db, ReportQuery query, QueueReport queue, IOptions<CreditUsageOptions> options) : ILongMonths
{
    public async Task<string?> CloseAsync(UsageMonth month, string? note, CancellationToken cancellation)
    {
        var filter = ReportFilter.Whole(month);
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

/// <summary>Closes a month that somebody asks for on a page: a short one at once, a long one in the background.</summary>
public sealed class RequestClosing(CloseMonth closeMonth, ILongMonths longMonths)
{
    /// <param name="month">Any month.</param>
    /// <param name="note">Why, although something advised is missing on the checklist; null where nothing is.</param>
    /// <returns>The address of the page that shows how far it is; null where the month is closed.</returns>
    /// <exception cref="UserFacingException">The checklist is not met, or there is no room for it; nothing has changed.</exception>
    public async Task<string?> RunAsync(UsageMonth month, string? note, CancellationToken cancellation)
    {
        // One that is under way needs nothing more, whatever has become of the checklist since.
        if (await longMonths.UnderWayAsync(month, cancellation) is { } underWay) return underWay;
        await closeMonth.CheckAsync(month, note, cancellation);
        if (await longMonths.CloseAsync(month, note, cancellation) is { } address) return address;
        await closeMonth.RunAsync(month, note, cancellation);
        return null;
    }
}

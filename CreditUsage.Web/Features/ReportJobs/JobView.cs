using System.Security.Claims;
using CreditUsage.Core.Jobs;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.ReportJobs;

/// <summary>A report in the background as it is looked at.</summary>
/// <param name="Asked">What it shows; null where that cannot be asked for any more.</param>
/// <param name="Place">Its place among those that wait, from 1; null where it does not wait.</param>
/// <param name="MayChange">Whether who looks may cancel it or have it made again.</param>
/// <param name="FileName">What its file is called; null where it has come to none.</param>
public sealed record JobView(ReportJob Job, ReportRequest? Asked, int? Place, bool MayChange, string? FileName)
{
    public string Address => Job.Address();

    public bool CanCancel => MayChange && Job.IsUnderWay() && Job.CancelRequestedAt is null;

    public bool CanTryAgain => MayChange && Asked is not null && Job.State is ReportJobState.Failed or ReportJobState.Cancelled;

    public string Name => $"{(Job.Closes ? "Closing" : Job.Form == ReportType.Billback ? "Billback" : "PDF")} of {Job.Month.Name}";

    public string Title => Job.State == ReportJobState.Failed ? $"Error: {Name}" : $"{Name} - {Job.Label()}";

    /// <summary>Where the month's pack can be had of the report that was saved; null where this has come to none.</summary>
    public string? Pack => Job.State == ReportJobState.Done && Asked is { By: null, Filter: var filter } ? $"/usage-report/pack{filter.Query()}" : null;

    /// <summary>What a screen reader is told when it changes.</summary>
    public string Status => Job.IsUnderWay() ? "" : $"{Name}: {Job.Label()}";
}

/// <summary>Looks a report in the background up, for whoever looks.</summary>
public sealed class JobViewQuery(CreditUsageDb db, QueuedJobs queued, ReportQuery query, IAuthorizationService authorization)
{
    /// <returns>Null where the subscription has no such job.</returns>
    public async Task<JobView?> RunAsync(Guid id, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (await db.ReportJobs.AsNoTracking().SingleOrDefaultAsync(job => job.Id == id, cancellation) is not { } job) return null;
        var asked = job.ReadRequest(await query.MonthsAsync(cancellation), out _);
        var mayChange = (await authorization.AuthorizeAsync(user, Roles.MayChange)).Succeeded;
        var place = job.State == ReportJobState.Queued ? await PlaceAsync(id, cancellation) : null;
        return new JobView(job, asked, place, mayChange, await db.SavedReports.Where(report => report.Id == job.SavedReportId).Select(report => report.FileName).SingleOrDefaultAsync(cancellation));
    }

    private async Task<int?> PlaceAsync(Guid id, CancellationToken cancellation)
    {
        var place = (await queued.InOrderAsync(cancellation)).ToList().IndexOf(id);
        return place < 0 ? null : place + 1;
    }
}

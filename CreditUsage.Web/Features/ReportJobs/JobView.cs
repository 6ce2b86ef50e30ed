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

/// <param name="Asked">Null where the stored request is no longer valid.</param>
/// <param name="Place">In the queue, from 1; null where it does not wait.</param>
/// <param name="FileName">Null where there is no file.</param>
public sealed record JobView(ReportJob Job, ReportRequest? Asked, int? Place, bool MayChange, string? FileName)
{
    public string Address => Job.Address();

    public bool CanCancel => MayChange && Job.IsUnderWay() && Job.CancelRequestedAt is null;

    public bool CanTryAgain => MayChange && Asked is not null && Job.State is ReportJobState.Failed or ReportJobState.Cancelled;

    public string Name => $"{(Job.Closes ? "Closing" : Job.Form == ReportType.Billback ? "Billback" : "PDF")} of {Job.Month.Name}";

    public string Title => Job.State == ReportJobState.Failed ? $"Error: {Name}" : $"{Name} - {Job.Label()}";

    /// <summary>The address of the month's pack; null where there is no saved report for it.</summary>
    public string? Pack => Job.State == ReportJobState.Done && Asked is { By: null, Filter: var filter } ? $"/usage-report/pack{filter.Query()}" : null;

    /// <summary>Announced to screen readers when it changes.</summary>
    public string Status => Job.IsUnderWay() ? "" : $"{Name}: {Job.Label()}";
}

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

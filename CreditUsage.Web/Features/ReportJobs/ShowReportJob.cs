using System.Security.Claims;
using CreditUsage.Core.Jobs;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.ReportJobs;

/// <summary>Looks a report in the background up, for whoever looks.</summary>
public sealed class ShowReportJob(CreditUsageDb db, WaitingReports waiting, UsageReportQuery query, IAuthorizationService authorization)
{
    /// <returns>Null where the subscription has no such job.</returns>
    public async Task<ReportJobShown?> RunAsync(Guid id, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (await db.ReportJobs.AsNoTracking().SingleOrDefaultAsync(job => job.Id == id, cancellation) is not { } job) return null;
        var asked = job.Asked(await query.MonthsAsync(cancellation), out _);
        var mayChange = (await authorization.AuthorizeAsync(user, Roles.MayChange)).Succeeded;
        var place = job.State == ReportJobState.Queued ? await PlaceAsync(id, cancellation) : null;
        return new ReportJobShown(job, asked, place, mayChange, await db.SavedReports.Where(report => report.Id == job.SavedReportId).Select(report => report.FileName).SingleOrDefaultAsync(cancellation));
    }

    private async Task<int?> PlaceAsync(Guid id, CancellationToken cancellation)
    {
        var place = (await waiting.InOrderAsync(cancellation)).ToList().IndexOf(id);
        return place < 0 ? null : place + 1;
    }
}

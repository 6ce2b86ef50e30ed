using CreditUsage.Data;
using CreditUsage.Domain.Reports;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Jobs;

/// <summary>What a job that closes a month has come to.</summary>
internal static class ClosedByJob
{
    /// <summary>The report of the closing that whoever asked has made since, by this job or another way; null while there is none.</summary>
    public static Task<SavedReport?> ClosingOfAsync(this CreditUsageDb db, ReportJob job, CancellationToken cancellation) =>
        (from closing in db.MonthClosings
         where closing.Month == job.Month && closing.ClosedBy == job.RequestedBy && closing.ClosedAt >= job.RequestedAt
         join report in db.SavedReports on closing.SavedReportId equals report.Id
         orderby closing.Version descending
         select report).AsNoTracking().FirstOrDefaultAsync(cancellation);
}

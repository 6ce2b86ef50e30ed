using CreditUsage.Data;
using CreditUsage.Domain;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.UsageReport.Paper;

/// <summary>The saved reports that are of the same month and show the same kinds in the same way.</summary>
internal sealed record KeptReports(CreditUsageDb Db, UsageMonth Month, bool Sessions, bool TopUps, ReportForm Form, string Variant)
{
    private IQueryable<SavedReport> All => Db.SavedReports.Where(report => report.MonthStart == Month.Start && report.Sessions == Sessions && report.TopUps == TopUps
        && report.Form == Form && report.Variant == Variant);

    /// <summary>The report that already shows this, if there is one that is still kept.</summary>
    /// <param name="closedVersion">The version that the month is closed as; null while it is open.</param>
    /// <param name="contentSha256">As <see cref="ReportContent"/> has it.</param>
    public Task<SavedReport?> SameAsync(int? closedVersion, string contentSha256, CancellationToken cancellation) => All.AsNoTracking()
        .Where(report => report.RemovedAt == null && report.ContentSha256 == contentSha256 && report.Draft == (closedVersion == null) && (closedVersion == null || report.Version == closedVersion))
        .OrderByDescending(report => report.Number).FirstOrDefaultAsync(cancellation);

    /// <summary>The number of drafts that there have been.</summary>
    public async Task<int> DraftsAsync(CancellationToken cancellation) =>
        await All.Where(report => report.Draft).MaxAsync(report => (int?)report.Version, cancellation) ?? 0;
}

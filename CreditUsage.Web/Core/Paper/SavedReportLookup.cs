using CreditUsage.Core.Files;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Paper;

/// <summary>The saved reports that are of the same month and show the same kinds in the same way.</summary>
internal sealed record SavedReportLookup(CreditUsageDb Db, UsageMonth Month, bool Sessions, bool TopUps, ReportType Type, string Variant)
{
    private IQueryable<SavedReport> All => Db.SavedReports.Where(report => report.MonthStart == Month.Start && report.Sessions == Sessions && report.TopUps == TopUps
        && report.Form == Type && report.Variant == Variant);

    /// <summary>Whether any report of the month as it stands is still kept.</summary>
    /// <param name="closedVersion">The version that the month is closed as; null while it is open.</param>
    public Task<bool> AnyAsync(int? closedVersion, CancellationToken cancellation) => Of(closedVersion).AnyAsync(cancellation);

    /// <summary>The report that already shows this, if there is one that is still kept.</summary>
    /// <param name="closedVersion">The version that the month is closed as; null while it is open.</param>
    /// <param name="contentSha256">As <see cref="ReportContent"/> has it.</param>
    public Task<SavedReport?> SameAsync(int? closedVersion, string contentSha256, CancellationToken cancellation) => Of(closedVersion).AsNoTracking()
        .Where(report => report.ContentSha256 == contentSha256).OrderByDescending(report => report.Number).FirstOrDefaultAsync(cancellation);

    /// <summary>The number of drafts that there have been.</summary>
    public async Task<int> DraftsAsync(CancellationToken cancellation) =>
        await All.Where(report => report.Draft).MaxAsync(report => (int?)report.Version, cancellation) ?? 0;

    private IQueryable<SavedReport> Of(int? closedVersion) =>
        All.Where(report => report.RemovedAt == null && report.Draft == (closedVersion == null) && (closedVersion == null || report.Version == closedVersion));
}

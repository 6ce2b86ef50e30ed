using CreditUsage.Core.Files;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Paper;

internal sealed record SavedReportLookup(CreditUsageDb Db, UsageMonth Month, bool Sessions, bool TopUps, ReportType Type, string Variant)
{
    private IQueryable<SavedReport> All => Db.SavedReports.Where(report => report.MonthStart == Month.Start && report.Sessions == Sessions && report.TopUps == TopUps
        && report.Form == Type && report.Variant == Variant);

    /// <param name="closedVersion">The version of the closing; null while the month is open.</param>
    public Task<bool> AnyAsync(int? closedVersion, CancellationToken cancellation) => Of(closedVersion).AnyAsync(cancellation);

    public Task<SavedReport?> SameAsync(int? closedVersion, string contentSha256, CancellationToken cancellation) => Of(closedVersion).AsNoTracking()
        .Where(report => report.ContentSha256 == contentSha256).OrderByDescending(report => report.Number).FirstOrDefaultAsync(cancellation);

    public async Task<int> DraftsAsync(CancellationToken cancellation) =>
        await All.Where(report => report.Draft).MaxAsync(report => (int?)report.Version, cancellation) ?? 0;

    private IQueryable<SavedReport> Of(int? closedVersion) =>
        All.Where(report => report.RemovedAt == null && report.Draft == (closedVersion == null) && (closedVersion == null || report.Version == closedVersion));
}

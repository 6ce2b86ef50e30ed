using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Backups;

/// <summary>The files of reports that rows of any subscription name: saved PDFs and the rows of closed months.</summary>
internal static class NamedFiles
{
    public static async Task<IReadOnlyList<(string Sha256, string Extension)>> OfAsync(CreditUsageDb db, CancellationToken cancellation)
    {
        var pdfs = await db.SavedReports.OfEverySubscription().Where(report => report.RemovedAt == null).Select(report => report.Sha256).Distinct().ToListAsync(cancellation);
        var rows = await db.MonthClosings.OfEverySubscription().Select(closing => closing.RowsSha256).Distinct().ToListAsync(cancellation);
        return [.. pdfs.Select(sha256 => (sha256, ReportFiles.Pdf)), .. rows.Select(sha256 => (sha256, MonthClosing.RowsExtension))];
    }
}

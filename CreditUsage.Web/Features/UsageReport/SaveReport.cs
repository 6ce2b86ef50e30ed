using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Storage;

namespace CreditUsage.Features.UsageReport;

/// <summary>Makes a report's PDF and keeps it, byte for byte, before anybody gets it.</summary>
public sealed class SaveReport(MakePdf makePdf, ReportFiles files, CreditUsageDb db, AuditLog audit, TimeProvider clock)
{
    /// <exception cref="PdfException">In words for the user; nothing has been kept.</exception>
    public async Task<SavedReport> RunAsync(UsageReportFilter filter, string savedBy, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var (report, file) = await makePdf.RunAsync(filter, savedBy, cancellation);
        using (file)
        {
            // The bytes first, the row after: a row never points at nothing.
            files.Keep(file.Path, file.Sha256);
            var saved = Row(report, file, savedBy);
            // A file whose row cannot be entered stays: another row may have the same bytes, and the file alone is nobody's.
            await StoreAsync(saved, filter, cancellation);
            return saved;
        }
    }

    private async Task StoreAsync(SavedReport saved, UsageReportFilter filter, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        db.Add(saved);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Save, filter.Month.Name, $"PDF of {filter.Audited}, saved report {saved.Id}, SHA-256 {saved.Sha256}", cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private SavedReport Row(CreditUsageReport report, PdfFile file, string savedBy) => new()
    {
        Id = Guid.CreateVersion7(),
        SubscriptionId = report.Subscription.Id,
        MonthStart = report.Filter.Month.Start,
        Sessions = report.Filter.Sessions,
        TopUps = report.Filter.TopUps,
        Events = report.All.Rows,
        Credits = report.All.Credits,
        CostPence = report.All.CostPence,
        FileName = report.Filter.FileName("pdf"),
        Pages = file.Pages,
        SizeBytes = file.SizeBytes,
        Sha256 = file.Sha256,
        SavedBy = savedBy,
        SavedAt = clock.GetUtcNow(),
    };
}

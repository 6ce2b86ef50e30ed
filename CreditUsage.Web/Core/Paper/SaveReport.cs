using CreditUsage.Core.Files;
using CreditUsage.Core.Report;
using CreditUsage.Core.Webhooks;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Privacy;
using CreditUsage.Domain.Reports;
using CreditUsage.Domain.Webhooks;
using CreditUsage.Platform;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Paper;

/// <summary>Generates a report's PDF and saves it before it is sent. A report that is saved already is not generated again.</summary>
public sealed class SaveReport(ReportQuery query, GeneratePdf generatePdf, GenerateBillback generateBillback, NextReportNumber numbers, ReportFiles files, CreditUsageDb db, AuditLog audit, TimeProvider clock)
{
    /// <summary>Another draft of the month may be saved this often while this one is generated.</summary>
    private const int MaxAttempts = 3;

    /// <exception cref="PdfException">Has a message for the user; nothing has been saved.</exception>
    public async Task<SavedReport> RunAsync(ReportRequest asked, string savedBy, IProgress<int>? rowsDone, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var lookup = new SavedReportLookup(db, asked.Filter.Month, asked.Filter.Sessions, asked.Filter.TopUps, asked.Type, asked.Variant);
        // A lost file is generated again, under a number of its own.
        if (await SameAsync(lookup, asked, cancellation) is { } same && await files.IsIntactAsync(same.Sha256, cancellation)) return same;
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
            if (await GenerateAsync(lookup, asked, savedBy, rowsDone, cancellation) is { } saved)
                return saved;
        throw new UserFacingException("Someone else is saving this month. Try again in a moment.");
    }

    private async Task<SavedReport?> SameAsync(SavedReportLookup lookup, ReportRequest asked, CancellationToken cancellation)
    {
        var report = await query.OpenAsync(asked.Filter, cancellation);
        // Hashing a long month takes a second, and most have nothing to compare with.
        var same = await lookup.AnyAsync(report.State.ClosedVersion, cancellation)
            ? await lookup.SameAsync(report.State.ClosedVersion, await ContentAsync(report, asked.By, cancellation), cancellation)
            : null;
        await report.EndAsync();
        return same;
    }

    private static async Task<string> ContentAsync(CreditUsageReport report, UsageGroupBy? by, CancellationToken cancellation)
    {
        var rows = await ReportContent.Sha256Async(report, report.RowsAsync(cancellation), cancellation);
        return by is null ? (await PaperFigures.ReadAsync(report, cancellation)).ContentSha256(rows) : rows;
    }

    /// <summary>Null where another draft has taken the version printed on this one, or a client was anonymised meanwhile.</summary>
    private async Task<SavedReport?> GenerateAsync(SavedReportLookup lookup, ReportRequest asked, string savedBy, IProgress<int>? rowsDone, CancellationToken cancellation)
    {
        var anonymised = await AnonymisedAsync(cancellation);
        var closed = (await db.ClosedMonthsAsync(cancellation)).StateOf(asked.Filter.Month, clock.GetUtcNow()).ClosedVersion;
        var seal = new ReportNumber(await numbers.NextAsync(cancellation), closed ?? (await lookup.DraftsAsync(cancellation) + 1), closed is null) { Anchor = await numbers.AnchorAsync(cancellation) };
        using var pdf = await PdfAsync(asked, savedBy, seal, rowsDone, cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await lookup.SameAsync(closed, pdf.ContentSha256, cancellation) is { } same && await files.IsIntactAsync(same.Sha256, cancellation)) return same;
        // It may show a client whose name has gone since.
        if (await AnonymisedAsync(cancellation) != anonymised) return null;
        if (pdf.Report.State.ClosedVersion != closed || (seal.Draft && await lookup.DraftsAsync(cancellation) >= seal.Version)) return null;
        // The file first, the row after: a row never points at a missing file. A file whose row cannot be added stays, since another row may have the same bytes.
        await files.StoreAsync(pdf.File.Path, pdf.File.Sha256, ReportFiles.Pdf, cancellation);
        var saved = SavedReportEntry.Of(pdf, seal, asked, savedBy, clock.GetUtcNow());
        db.Add(saved);
        await db.SaveChangesAsync(cancellation);
        await PublishWebhook.AddAsync(db, WebhookEvents.ReportSaved, saved.SavedAt, json =>
        {
            json.WriteString("saved_report_id", saved.Id);
            json.WriteNumber("number", saved.Number);
            json.WriteNumber("version", saved.Version);
            json.WriteBoolean("draft", saved.Draft);
            json.WriteString("month", UsageMonth.Of(saved.MonthStart).ToString());
            json.WriteString("sha256", saved.Sha256);
        }, cancellation);
        await audit.AddAsync(AuditAction.Save, asked.Filter.Month.Name, $"PDF of {asked.AuditDetails}, saved report {saved.Number}, SHA-256 {saved.Sha256}", cancellation);
        await transaction.CommitAsync(cancellation);
        return saved;
    }

    private Task<int> AnonymisedAsync(CancellationToken cancellation) => db.Anonymisations.CountAsync(one => one.State == AnonymisationState.Done, cancellation);

    private Task<GeneratedPdf> PdfAsync(ReportRequest asked, string savedBy, ReportNumber seal, IProgress<int>? rowsDone, CancellationToken cancellation) => asked.By is { } by
        ? generateBillback.RunAsync(asked.Filter, by, savedBy, seal, rowsDone, cancellation)
        : generatePdf.RunAsync(asked.Filter, savedBy, seal, rowsDone, cancellation);
}

internal static class SavedReportEntry
{
    public static SavedReport Of(GeneratedPdf pdf, ReportNumber seal, ReportRequest asked, string savedBy, DateTimeOffset savedAt, string? fileName = null)
    {
        var (filter, all) = (pdf.Report.Filter, pdf.Report.All);
        return new SavedReport
        {
            Id = Guid.CreateVersion7(savedAt),
            SubscriptionId = pdf.Report.Subscription.Id,
            Number = seal.Number,
            Version = seal.Version,
            Draft = seal.Draft,
            Form = asked.Type,
            Variant = asked.Variant,
            ContentSha256 = pdf.ContentSha256,
            MadeWith = pdf.File.MadeWith,
            MonthStart = filter.Month.Start,
            Sessions = filter.Sessions,
            TopUps = filter.TopUps,
            Events = all.Rows,
            Credits = all.Credits,
            CostPence = all.CostPence,
            FileName = fileName ?? asked.FileName,
            Pages = pdf.File.Pages,
            SizeBytes = pdf.File.SizeBytes,
            Sha256 = pdf.File.Sha256,
            SavedBy = savedBy,
            SavedAt = savedAt,
        };
    }
}

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

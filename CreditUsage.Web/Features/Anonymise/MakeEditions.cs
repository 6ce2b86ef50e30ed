using System.Security.Cryptography;
using CreditUsage.Core.Files;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CreditUsage.Features.Anonymise;

/// <summary>
/// Makes the anonymised editions of kept files while the names are still there, without a lock. Nothing names them yet: what a killed process leaves goes with the
/// nightly sweep.
/// </summary>
internal sealed class MakeEditions(
    ReportQuery query, GeneratePdf generatePdf, GenerateBillback generateBillback, NextReportNumber numbers, ReportFiles files, CreditUsageDb db, IOptions<CreditUsageOptions> options, TimeProvider clock)
{
    /// <exception cref="UserFacingException">A closed month cannot be proved, or a PDF cannot be made; nothing has changed.</exception>
    public async Task<Editions> RunAsync(WhoseNames who, KeptFiles kept, Func<int, int, Task> progress, CancellationToken cancellation)
    {
        var affected = new AffectedFiles(db, who, kept);
        var (closings, reports) = (await affected.ClosingsAsync(cancellation), await affected.ReportsAsync(cancellation));
        var (rows, pdfs, done, now) = (new List<RowsEdition>(), new List<PdfEdition>(), 0, clock.GetUtcNow());
        await progress(0, closings.Count + reports.Count);
        foreach (var closing in closings)
        {
            if (await RowsAsync(who, closing, now, cancellation) is { } edition) rows.Add(edition);
            await progress(++done, closings.Count + reports.Count);
        }
        foreach (var report in reports)
        {
            pdfs.Add(await PdfAsync(affected, report, now, cancellation));
            await progress(++done, closings.Count + reports.Count);
        }
        return new(now, rows, pdfs);
    }

    /// <summary>Null where none of the rows names anybody who is to go.</summary>
    private async Task<RowsEdition?> RowsAsync(WhoseNames who, MonthClosing closing, DateTimeOffset now, CancellationToken cancellation)
    {
        var (edition, names) = (new ReportEdition(now, closing.RowsSha256), await NamesOfRowsAsync(who, closing.Month, cancellation));
        var copy = new KeptRows(names, who.Names.Text.Replace, edition.Sentence);
        using var folder = PdfJobFolder.Create(options.Value.DataFolder);
        var (path, sha256) = (folder.File("rows.json"), "");
        await using (var source = await files.OpenAsync(closing.RowsSha256, cancellation, MonthClosing.RowsExtension))
        await using (var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write))
        using (var hash = SHA256.Create())
        {
            await using (var hashed = new CryptoStream(target, hash, CryptoStreamMode.Write, leaveOpen: true)) await copy.CopyAsync(source, hashed, cancellation);
            target.Flush(flushToDisk: true);
            sha256 = Convert.ToHexStringLower(hash.Hash!);
        }
        if (!copy.HasChanged) return null;
        if (closing.ReopenedAt is null) await ProveAsync(who, closing, edition, copy.GeneratedAt, sha256, cancellation);
        await files.StoreAsync(path, sha256, MonthClosing.RowsExtension, cancellation);
        return new(closing, sha256);
    }

    private async Task<Func<string, RowNames>> NamesOfRowsAsync(WhoseNames who, UsageMonth month, CancellationToken cancellation)
    {
        var events = who.Month is null ? db.UsageEvents : db.UsageEvents.Where(usage => usage.ReportMonth == month || (usage.ServiceDate >= month.Start && usage.ServiceDate < month.End));
        var rows = await who.Events(events).Select(usage => new { usage.EventId, usage.ClientId, usage.TopUpDeviceId }).ToDictionaryAsync(usage => usage.EventId, StringComparer.Ordinal, cancellation);
        return id => !rows.TryGetValue(id, out var row) ? RowNames.Kept
            : new(row.ClientId is { } client ? who.Names.Clients.GetValueOrDefault(client)?.Name : null, row.TopUpDeviceId is { } card ? who.Names.Notes.GetValueOrDefault(card) : null);
    }

    /// <summary>The rows and totals that the database will have are those of the edition, byte for byte.</summary>
    private async Task ProveAsync(WhoseNames who, MonthClosing closing, ReportEdition edition, DateTimeOffset generatedAt, string sha256, CancellationToken cancellation)
    {
        var terms = new EditionTerms(who.Names, edition, new MonthState(closing.Version, InProgress: false), generatedAt, null, closing.ClinicName);
        var report = await query.OpenAsync(ReportFilter.Whole(closing.Month) with { Edition = terms }, cancellation);
        var made = await ProveMonth.Sha256Async(report, cancellation);
        await report.EndAsync();
        if (made != sha256) throw new UserFacingException($"The anonymised edition of {closing.Month.Name} differs from its rows in more than the names, so nothing has changed.");
    }

    private async Task<PdfEdition> PdfAsync(AffectedFiles affected, SavedReport report, DateTimeOffset now, CancellationToken cancellation)
    {
        if (AffectedFiles.RequestOf(report) is not { } asked) return PdfEdition.Withdrawn(report);
        var filter = asked.Filter with { Edition = affected.TermsOf(report, now) };
        var before = await query.OpenAsync(filter, cancellation);
        await before.EndAsync();
        // What has been moved or priced since does not make the same report.
        if ((before.All.Rows, before.All.Credits, before.All.CostPence) != (report.Events, report.Credits, report.CostPence)) return PdfEdition.Withdrawn(report);
        var seal = new ReportNumber(report.Number, report.Version, report.Draft) { Anchor = await numbers.AnchorAsync(cancellation) };
        using var pdf = asked.By is { } by ? await generateBillback.RunAsync(filter, by, report.SavedBy, seal, null, cancellation) : await generatePdf.RunAsync(filter, report.SavedBy, seal, null, cancellation);
        if (pdf.Report.All != before.All) throw new UserFacingException("Usage arrived while the editions were made, so nothing has changed. Try again.");
        await files.StoreAsync(pdf.File.Path, pdf.File.Sha256, ReportFiles.Pdf, cancellation);
        return new(report, pdf.File.Sha256, pdf.ContentSha256, pdf.File.MadeWith, pdf.File.Pages, pdf.File.SizeBytes);
    }
}

/// <param name="At">What they are dated by.</param>
internal sealed record Editions(DateTimeOffset At, IReadOnlyList<RowsEdition> Rows, IReadOnlyList<PdfEdition> Pdfs);

internal sealed record RowsEdition(MonthClosing Closing, string Sha256);

/// <param name="Sha256">Null where the same report cannot be made any more, and the old one is withdrawn.</param>
internal sealed record PdfEdition(SavedReport Report, string? Sha256, string ContentSha256, string MadeWith, int Pages, long SizeBytes)
{
    public static PdfEdition Withdrawn(SavedReport report) => new(report, null, "", "", 0, 0);
}

using System.IO.Compression;
using System.Security.Cryptography;
using CreditUsage.Core.Files;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using CreditUsage.Platform.Auditing;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CreditUsage.Features.Pack;

/// <summary>
/// Generates the pack of a month for an auditor: the report in every format, as of one instant, with prices, audit and manifest. Nothing is stored.
/// A saved PDF is reused, and the PDF engine never runs here for a long month: nobody waits that long for a page.
/// </summary>
public sealed class GeneratePack(ReportQuery query, GeneratePdf generatePdf, ReportFiles reportFiles, AuditBacklog backlog, CreditUsageDb db, TimeProvider clock, IOptions<CreditUsageOptions> options)
{
    /// <returns>Null where the month is long and no saved report shows it as it is now: that must be made first, in the background.</returns>
    /// <exception cref="UserFacingException">The pack could not be made; nothing is left behind.</exception>
    public async Task<GeneratedPack?> RunAsync(ReportFilter filter, string generatedBy, bool mayAudit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        // Audit entries of reads that are still pending belong to the extract.
        if (mayAudit) await backlog.TryWriteSoonAsync(cancellation);
        var report = await query.OpenAsync(filter, cancellation);
        var sha256 = await ReportContent.Sha256Async(report, report.RowsAsync(cancellation), cancellation);
        var known = await SavedReportAsync(report, sha256, cancellation);
        if (known is not null || report.All.Rows <= options.Value.Reports.BackgroundRows) return await PackAsync(new(report, sha256, known, generatedBy, mayAudit), cancellation);
        await report.EndAsync();
        return null;
    }

    private async Task<GeneratedPack> PackAsync(PackContent content, CancellationToken cancellation)
    {
        var folder = PdfJobFolder.Create(options.Value.DataFolder);
        try
        {
            var files = Directory.CreateDirectory(folder.File("pack")).FullName;
            await FillAsync(files, content, cancellation);
            await ZipFile.CreateFromDirectoryAsync(files, folder.File("pack.zip"), cancellation);
            return new GeneratedPack(folder, folder.File("pack.zip"));
        }
        catch (Exception problem)
        {
            folder.Dispose();
            if (problem is IOException) throw new UserFacingException("The server's disk is full. Ask whoever runs the server to make room, or download the files one by one.", problem);
            throw;
        }
    }

    private async Task FillAsync(string folder, PackContent content, CancellationToken cancellation)
    {
        var (filter, report) = (content.Filter, content.Report);
        await WriteAsync(folder, $"Credit Prices {filter.Month}.csv", stream => PricesCsv.WriteAsync(stream, db, filter.Month, cancellation));
        if (content.Audited) await WriteAsync(folder, $"Audit {filter.Month}.csv", stream => AuditCsv.WriteAsync(stream, AuditOf(filter.Month), cancellation));
        await WriteAsync(folder, filter.FileName("csv"), stream => UsageCsv.WriteAsync(stream, report, Rows(), cancellation));
        await WriteAsync(folder, filter.FileName("json"), stream => UsageJson.WriteAsync(stream, report, Rows(), cancellation));
        await WriteAsync(folder, filter.FileName("xlsx"), stream => UsageXlsx.WriteAsync(stream, report, content.GeneratedBy, content.Sha256, Rows(), cancellation));
        // The last read of the snapshot, which ends before the engine starts.
        await WriteAsync(folder, filter.FileName("pdf"), stream => WritePdfAsync(stream, content, cancellation));
        var manifest = new PackManifest(
            ReportTotals.Of(report), report.State.ClosedVersion, filter.Kinds.Select(kind => kind.Code()).ToList(), filter.Copy, content.Sha256, content.Saved?.Number,
            content.GeneratedBy, clock.GetUtcNow(), await FilesAsync(folder, cancellation), content.Audited ? [] : [filter.ForAccountant ? WithoutAuditAsCopy : WithoutAudit]);
        await WriteAsync(folder, "manifest.json", stream => manifest.WriteAsync(stream, cancellation));

        IAsyncEnumerable<UsageRow> Rows() => report.RowsAsync(cancellation);
    }

    private const string WithoutAuditAsCopy = "What the audit says of the month: an accountant's copy goes without it.";
    private const string WithoutAudit = "What the audit says of the month: it goes to Administrators and Auditors only.";

    /// <summary>A saved report with the same content whose file is intact.</summary>
    private async Task<SavedReport?> SavedReportAsync(CreditUsageReport report, string sha256, CancellationToken cancellation)
    {
        if (await ClosingReportAsync(report, cancellation) is { } closing) return closing;
        var lookup = new SavedReportLookup(db, report.Filter.Month, report.Filter.Sessions, report.Filter.TopUps, ReportType.Month, report.Filter.Variant);
        var content = (await PaperFigures.ReadAsync(report, cancellation)).ContentSha256(sha256);
        return await lookup.SameAsync(report.State.ClosedVersion, content, cancellation) is { } same && await reportFiles.IsIntactAsync(same.Sha256, cancellation) ? same : null;
    }

    /// <summary>The report that the closing saved is the month's PDF while the month is closed.</summary>
    private async Task<SavedReport?> ClosingReportAsync(CreditUsageReport report, CancellationToken cancellation)
    {
        if (!report.State.IsClosed || report.Filter is not { Sessions: true, TopUps: true, Variant: "" }) return null;
        return await (from closing in db.MonthClosings
                      where closing.Month == report.Filter.Month && closing.ReopenedAt == null
                      join kept in db.SavedReports on closing.SavedReportId equals kept.Id
                      where kept.RemovedAt == null
                      select kept).AsNoTracking().SingleOrDefaultAsync(cancellation);
    }

    private IAsyncEnumerable<AuditEntry> AuditOf(UsageMonth month) =>
        db.AuditEntries.AsNoTracking().Where(entry => entry.Subject == month.Name).OrderBy(entry => entry.Sequence).AsAsyncEnumerable();

    private async Task WritePdfAsync(Stream stream, PackContent content, CancellationToken cancellation)
    {
        if (content.Saved is { } known)
        {
            await content.Report.EndAsync();
            await using var bytes = await reportFiles.OpenAsync(known.Sha256, cancellation);
            await bytes.CopyToAsync(stream, cancellation);
            return;
        }
        using var pdf = await generatePdf.OfAsync(content.Report, content.GeneratedBy, seal: null, rowsDone: null, cancellation);
        await using var file = File.OpenRead(pdf.File.Path);
        await file.CopyToAsync(stream, cancellation);
    }

    private static async Task WriteAsync(string folder, string name, Func<Stream, Task> write)
    {
        await using var file = File.Create(Path.Combine(folder, name));
        await write(file);
    }

    private static async Task<IReadOnlyList<PackedFile>> FilesAsync(string folder, CancellationToken cancellation)
    {
        var files = new List<PackedFile>();
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            await using var content = file.OpenRead();
            files.Add(new PackedFile(file.Name, file.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation))));
        }
        return files;
    }
}

/// <summary>A pack in its temporary folder, which is removed on disposal.</summary>
public sealed class GeneratedPack(PdfJobFolder folder, string path) : IDisposable
{
    public string Path => path;

    public void Dispose() => folder.Dispose();
}

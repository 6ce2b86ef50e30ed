using System.Security.Cryptography;
using CreditUsage.Core.Files;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform;
using CreditUsage.Platform.Pdf;
using Microsoft.Extensions.Options;

namespace CreditUsage.Core.Closing;

/// <summary>Generates the rows, totals and PDF of a closing from one snapshot. Rows are read twice, so that a long month never has to fit into memory.</summary>
public sealed class GenerateClosing(ReportQuery query, GeneratePdf generatePdf, NextReportNumber numbers, CreditUsageDb db, TimeProvider clock, IOptions<CreditUsageOptions> options)
{
    /// <exception cref="PdfException">Has a message for the user; nothing is left behind.</exception>
    public async Task<GeneratedClosing> RunAsync(UsageMonth month, int version, string by, IProgress<int>? rowsDone, CancellationToken cancellation)
    {
        var folder = PdfJobFolder.Create(options.Value.DataFolder);
        try
        {
            return await RunAsync(folder, month, version, by, rowsDone, cancellation);
        }
        catch (Exception problem)
        {
            folder.Dispose();
            if (problem is IOException) throw new PdfException("The server's disk is full, so nothing was saved. Ask whoever runs the server to make room.", problem);
            throw;
        }
    }

    /// <summary>Whether rows and totals are still the same. In a write transaction the answer holds until it ends.</summary>
    public async Task<bool> IsUnchangedAsync(GeneratedClosing generated, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(generated);
        var report = await query.OpenAsync(ReportFilter.Whole(generated.Month), cancellation);
        return await ReportContent.Sha256Async(report, report.RowsAsync(cancellation), cancellation) == generated.ContentSha256;
    }

    private async Task<GeneratedClosing> RunAsync(PdfJobFolder folder, UsageMonth month, int version, string by, IProgress<int>? rowsDone, CancellationToken cancellation)
    {
        var seal = new ReportNumber(await numbers.NextAsync(cancellation), version, Draft: false) { Anchor = await numbers.AnchorAsync(cancellation) };
        var report = await query.OpenAsync(ReportFilter.Whole(month), cancellation) with { State = new MonthState(version, InProgress: false) };
        var days = await MonthDay.ListAsync(db, month, cancellation);
        var (path, sha256) = (folder.File("rows.json"), "");
        var pdf = await generatePdf.OfAsync(report, by, seal, rowsDone, cancellation, async rows => sha256 = await WriteAsync(path, report, rows, cancellation));
        var fileName = $"Credit Usage Report {month} - {(version == 1 ? "closed" : "restated")} v{version}.pdf";
        var saved = SavedReportEntry.Of(pdf, seal, new(report.Filter), by, clock.GetUtcNow(), fileName);
        return new GeneratedClosing(month, version, days, pdf.File, saved, folder, path, sha256, pdf.RowsSha256);
    }

    private static async Task<string> WriteAsync(string path, CreditUsageReport report, IAsyncEnumerable<UsageRow> rows, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        using var hash = SHA256.Create();
        await using (var hashed = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true)) await UsageJson.WriteAsync(hashed, report, rows, cancellation);
        file.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(hash.Hash!);
    }
}

/// <summary>The files and totals of a closing, ready to be stored; dispose it afterwards.</summary>
/// <param name="Saved">The saved report's row, not added to the database yet.</param>
/// <param name="RowsSha256">SHA-256 of that file, lower-case hexadecimal.</param>
/// <param name="ContentSha256">Of the same rows and totals at whatever instant they are written.</param>
public sealed record GeneratedClosing(
    UsageMonth Month, int Version, IReadOnlyList<MonthDay> Days, PdfFile Pdf, SavedReport Saved, PdfJobFolder RowsFolder, string RowsPath, string RowsSha256, string ContentSha256) : IDisposable
{
    public void Dispose()
    {
        Pdf.Dispose();
        RowsFolder.Dispose();
    }
}

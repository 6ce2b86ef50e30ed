using System.Security.Cryptography;
using CreditUsage.Core.Files;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform;
using CreditUsage.Platform.Pdf;
using Microsoft.Extensions.Options;

namespace CreditUsage.Core.Closing;

/// <summary>The report of a month that is being closed. Its rows go into a file as they come, so that a long month needs no more memory than a part of it.</summary>
public sealed class MonthReport(ReportQuery query, MakePdf makePdf, NextReportNumber numbers, TimeProvider clock, IOptions<CreditUsageOptions> options)
{
    public async Task<GeneratedMonth> MakeAsync(UsageMonth month, int version, string by, IProgress<int>? rowsDone, CancellationToken cancellation)
    {
        var folder = PdfJobFolder.Create(options.Value.DataFolder);
        try
        {
            return await MakeAsync(folder, month, version, by, rowsDone, cancellation);
        }
        catch (Exception problem)
        {
            folder.Dispose();
            if (problem is IOException) throw new PdfException("The server's disk refused the month's rows, so nothing was saved. Ask whoever runs the server for room.", problem);
            throw;
        }
    }

    public async Task<bool> StillHoldsAsync(GeneratedMonth made, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(made);
        var report = await ReadAsync(made.Month, made.Version, made.AsAt, cancellation);
        return await WriteAsync(report, Stream.Null, cancellation) == made.RowsSha256;
    }

    private async Task<GeneratedMonth> MakeAsync(PdfJobFolder folder, UsageMonth month, int version, string by, IProgress<int>? rowsDone, CancellationToken cancellation)
    {
        var seal = new ReportNumber(await numbers.NextAsync(cancellation), version, Draft: false);
        var report = await ReadAsync(month, version, asAt: null, cancellation);
        var sha256 = await KeepAsync(report, folder.File("rows.json"), cancellation);
        var pdf = await makePdf.OfAsync(report, by, seal, rowsDone, cancellation);
        var fileName = $"Credit Usage Report {month} - {(version == 1 ? "closed" : "restated")} v{version}.pdf";
        var saved = GeneratedReport.Row(pdf, seal, new(report.Filter), by, clock.GetUtcNow(), fileName);
        return new GeneratedMonth(month, version, pdf.File, saved, folder, folder.File("rows.json"), sha256, report.All.Events, report.All.Corrections, report.AsAt);
    }

    private async Task<CreditUsageReport> ReadAsync(UsageMonth month, int version, DateTimeOffset? asAt, CancellationToken cancellation)
    {
        var report = await query.RunAsync(ReportFilter.Whole(month), cancellation);
        return report with { State = new MonthState(version, InProgress: false), AsAt = asAt ?? report.AsAt };
    }

    private async Task<string> KeepAsync(CreditUsageReport report, string path, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        var sha256 = await WriteAsync(report, file, cancellation);
        file.Flush(flushToDisk: true);
        return sha256;
    }

    /// <returns>The SHA-256 of what was written, lower-case hexadecimal.</returns>
    private async Task<string> WriteAsync(CreditUsageReport report, Stream stream, CancellationToken cancellation)
    {
        using var hash = SHA256.Create();
        await using (var hashed = new CryptoStream(stream, hash, CryptoStreamMode.Write, leaveOpen: true))
            await UsageJson.WriteAsync(hashed, report, query.RowsAsync(report.Filter, cancellation), cancellation);
        return Convert.ToHexStringLower(hash.Hash!);
    }
}

/// <summary>What a month comes to, ready to be kept.</summary>
/// <param name="Saved">The row of its PDF among the saved reports, not entered yet.</param>
/// <param name="RowsFolder">What the file with its rows was made in.</param>
/// <param name="RowsPath">The file with the report's JSON, every row and the totals.</param>
/// <param name="RowsSha256">Of that file, lower-case hexadecimal.</param>
/// <param name="AsAt">The instant of the rows.</param>
public sealed record GeneratedMonth(
    UsageMonth Month, int Version, PdfFile Pdf, SavedReport Saved, PdfJobFolder RowsFolder, string RowsPath, string RowsSha256, int Events, int Corrections, DateTimeOffset AsAt) : IDisposable
{
    public void Dispose()
    {
        Pdf.Dispose();
        RowsFolder.Dispose();
    }
}

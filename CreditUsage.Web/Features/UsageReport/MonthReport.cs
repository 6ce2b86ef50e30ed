using System.Security.Cryptography;
using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Rendering;

namespace CreditUsage.Features.UsageReport;

/// <summary>The report of a month that is being closed.</summary>
public sealed class MonthReport(UsageReportQuery query, CreditUsageDb db, RenderView render, IPdfEngine engine) : IMonthReport
{
    public async Task<MadeMonth> MakeAsync(UsageMonth month, int version, string by, CancellationToken cancellation)
    {
        var (report, rows) = await ReadAsync(month, version, asAt: null, cancellation);
        await db.EndSnapshotAsync();
        var json = await JsonAsync(report, rows, cancellation);
        var document = PdfDocument.Of(report, rows, by);
        var pdf = await engine.ConvertAsync(document.Source(writer => render.ToAsync(PdfDocument.View, document, writer)), cancellation);
        var all = report.All;
        return new MadeMonth(month, version, pdf, json, Convert.ToHexStringLower(SHA256.HashData(json)), all.Events, all.Corrections, all.Credits, all.CostPence, report.AsAt);
    }

    public async Task<bool> StillHoldsAsync(MadeMonth made, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(made);
        var (report, rows) = await ReadAsync(made.Month, made.Version, made.AsAt, cancellation);
        return (await JsonAsync(report, rows, cancellation)).AsSpan().SequenceEqual(made.Rows);
    }

    private async Task<(CreditUsageReport Report, List<UsageRow> Rows)> ReadAsync(UsageMonth month, int version, DateTimeOffset? asAt, CancellationToken cancellation)
    {
        var filter = new UsageReportFilter(month, Sessions: true, TopUps: true, UsageSort.Default);
        var report = await query.RunAsync(filter, cancellation);
        var rows = await query.RowsAsync(filter, cancellation).ToListAsync(cancellation);
        return (report with { State = new MonthState(version, InProgress: false), AsAt = asAt ?? report.AsAt }, rows);
    }

    private static async Task<byte[]> JsonAsync(CreditUsageReport report, List<UsageRow> rows, CancellationToken cancellation)
    {
        using var json = new MemoryStream();
        await UsageJson.WriteAsync(json, report, rows.ToAsyncEnumerable(), cancellation);
        return json.ToArray();
    }
}

using System.Security.Cryptography;
using CreditUsage.Domain;
using CreditUsage.Features.Shared;
using CreditUsage.Features.UsageReport.Files;

namespace CreditUsage.Features.UsageReport.Paper;

/// <summary>The report of a month that is being closed.</summary>
public sealed class MonthReport(UsageReportQuery query, MakePdf makePdf, ReportNumbers numbers, TimeProvider clock) : IMonthReport
{
    public async Task<MadeMonth> MakeAsync(UsageMonth month, int version, string by, CancellationToken cancellation)
    {
        var seal = new ReportSeal(await numbers.NextAsync(cancellation), version, Draft: false);
        var report = await ReadAsync(month, version, asAt: null, cancellation);
        var json = await JsonAsync(report, cancellation);
        var pdf = await makePdf.OfAsync(report, by, seal, rowsDone: null, cancellation);
        var fileName = $"Credit Usage Report {month} - {(version == 1 ? "closed" : "restated")} v{version}.pdf";
        return new MadeMonth(month, version, pdf.File, MadeReport.Row(pdf, seal, new(report.Filter), by, clock.GetUtcNow(), fileName), json, Convert.ToHexStringLower(SHA256.HashData(json)), report.All.Events, report.All.Corrections, report.AsAt);
    }

    public async Task<bool> StillHoldsAsync(MadeMonth made, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(made);
        var report = await ReadAsync(made.Month, made.Version, made.AsAt, cancellation);
        return (await JsonAsync(report, cancellation)).AsSpan().SequenceEqual(made.Rows);
    }

    private async Task<CreditUsageReport> ReadAsync(UsageMonth month, int version, DateTimeOffset? asAt, CancellationToken cancellation)
    {
        var report = await query.RunAsync(new UsageReportFilter(month, Sessions: true, TopUps: true, UsageSort.Default), cancellation);
        return report with { State = new MonthState(version, InProgress: false), AsAt = asAt ?? report.AsAt };
    }

    private async Task<byte[]> JsonAsync(CreditUsageReport report, CancellationToken cancellation)
    {
        using var json = new MemoryStream();
        await UsageJson.WriteAsync(json, report, query.RowsAsync(report.Filter, cancellation), cancellation);
        return json.ToArray();
    }
}

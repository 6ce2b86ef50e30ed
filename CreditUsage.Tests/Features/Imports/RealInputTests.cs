using System.Globalization;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Imports;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Imports;

/// <summary>The files of shared/data, held against what other code counted.</summary>
[Collection(ClinicsCollection.Name)]
public sealed class RealInputTests(Clinics clinics)
{
    [Theory]
    [InlineData(false, "usage-totals.csv")]
    [InlineData(true, "usage-awkward-totals.csv")]
    public async Task Every_month_and_kind_adds_up_to_its_totals_file(bool awkward, string totals)
    {
        var expected = SharedData.Totals(totals);
        var reported = new List<ExpectedTotal>();
        foreach (var month in expected.Select(total => total.Month).Distinct())
        {
            var report = await ReportAsync(awkward ? clinics.Awkward : clinics.Real, month);
            reported.Add(new(month, "connected-session", report.Sessions.Events, report.Sessions.Credits, report.Sessions.CostPence!.Value));
            reported.Add(new(month, "daily-top-up", report.TopUps.Events, report.TopUps.Credits, report.TopUps.CostPence!.Value));
        }
        Assert.Equal(expected, reported);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_stored_is_what_the_file_said(bool awkward)
    {
        var file = SharedData.Rows(awkward ? SharedData.Awkward : SharedData.Usage).ToDictionary(
            row => row[0],
            row => (Kind: row[1], At: row[2], Minutes: row[10], Credits: row[11], Pence: (long)(decimal.Parse(row[12], CultureInfo.InvariantCulture) * 100)));

        var stored = await clinics.Site.InAsync(awkward ? clinics.Awkward : clinics.Real, async services =>
            await services.GetRequiredService<CreditUsageDb>().UsageEvents.AsNoTracking().ToListAsync());

        Assert.Equal(file, stored.ToDictionary(usage => usage.EventId, usage => (
            usage.Kind == UsageKind.ConnectedSession ? "connected-session" : "daily-top-up",
            usage.OccurredAt.ToString(usage.Kind == UsageKind.ConnectedSession ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd", CultureInfo.InvariantCulture),
            usage.DurationMinutes?.ToString(CultureInfo.InvariantCulture) ?? "",
            usage.Credits.ToString(CultureInfo.InvariantCulture),
            usage.CostPence!.Value)));
    }

    [Fact]
    public async Task The_months_of_a_year_add_up_to_the_year()
    {
        var inMonths = 0;
        for (var month = 1; month <= 12; month++)
            inMonths += (await ReportAsync(clinics.Real, $"2025-{month:00}")).All.Events;
        Assert.Equal(SharedData.Rows(SharedData.Usage).Count(row => row[2].StartsWith("2025-", StringComparison.Ordinal)), inMonths);
    }

    [Fact]
    public async Task The_same_file_again_is_all_duplicates_and_changes_nothing()
    {
        var rows = SharedData.Rows(SharedData.Awkward).Count;

        Assert.Equivalent(new ImportResult(0, rows, 0, [], Stored: true), await clinics.Site.ImportAsync(clinics.Awkward, SharedData.Awkward));

        Assert.Equal(rows, await clinics.Site.InAsync(clinics.Awkward, services => services.GetRequiredService<CreditUsageDb>().UsageEvents.CountAsync()));
    }

    [Fact]
    public async Task The_same_rows_in_another_order_with_a_blank_line_more_are_all_duplicates()
    {
        var lines = (await File.ReadAllLinesAsync(SharedData.Awkward)).ToList();
        var text = string.Join("\r\n", lines.Skip(1).Reverse().Prepend(lines[0])) + "\r\n\r\n";

        var result = await clinics.Site.ImportTextAsync(clinics.Awkward, text);

        Assert.Equal((0, lines.Count - 1, 0), (result.Accepted, result.Duplicates, result.ErrorCount));
    }

    private Task<CreditUsageReport> ReportAsync(int clinic, string month) => clinics.Site.InAsync(clinic, services =>
        services.GetRequiredService<ReportQuery>().OpenAsync(
            new(new UsageMonth(int.Parse(month[..4], CultureInfo.InvariantCulture), int.Parse(month[5..], CultureInfo.InvariantCulture)), true, true, UsageSort.Default), CancellationToken.None));
}

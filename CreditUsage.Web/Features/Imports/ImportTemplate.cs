using System.Globalization;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CsvHelper;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CreditUsage.Features.Imports;

/// <summary>The columns of domain.md as a file: empty, or with a few events that everybody can see are invented.</summary>
public static class ImportTemplate
{
    public static FileContentHttpResult Empty() => File([], "Usage template.csv");

    /// <summary>Of the last complete month, so that it can be tried.</summary>
    public static FileContentHttpResult Filled(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var first = UsageMonth.Of(DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)).Previous.Start;
        string Day(int day) => first.AddDays(day - 1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return File(
        [
            ["SAMPLE-1", UsageKinds.ConnectedSession, $"{Day(1)}T09:30:00Z", "SAMPLE-S1", "Sample Staff", "SAMPLE-C1", "Sample Client", "Sleep", "", "", "25", "", ""],
            ["SAMPLE-2", UsageKinds.ConnectedSession, $"{Day(2)}T14:00:00+01:00", "SAMPLE-S1", "Sample Staff", "SAMPLE-C2", "Second Sample, with a comma", "Trauma and PTSD", "", "", "40", "8", "15.12"],
            ["SAMPLE-3", UsageKinds.DailyTopUp, Day(1), "SAMPLE-S1", "Sample Staff", "SAMPLE-C1", "Sample Client", "Sleep", "0000000001", "", "", "", ""],
            ["SAMPLE-4", UsageKinds.DailyTopUp, Day(1), "SAMPLE-S1", "Sample Staff", "", "", "Sleep", "0000000002", "Sample card at the desk", "", "1", "1.89"],
        ], "Usage sample.csv");
    }

    private static FileContentHttpResult File(string[][] rows, string name)
    {
        using var bytes = new MemoryStream();
        using (var csv = CsvWriter.Create(bytes, CsvWriterOptions.Default with { WriteByteOrderMark = true }, leaveOpen: true))
        {
            foreach (var row in rows.Prepend([.. UsageInput.Fields]))
            {
                foreach (var field in row) csv.WriteField(field);
                csv.EndRecord();
            }
        }
        return TypedResults.File(bytes.ToArray(), "text/csv; charset=utf-8", name);
    }
}

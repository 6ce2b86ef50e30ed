using System.Text.Json.Serialization;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Intake;

/// <summary>What a file would record, in credits and money, beside what is recorded already.</summary>
/// <param name="Months">By month and kind, of the months that the file adds to.</param>
/// <param name="First">The first rows as they would stand in the report.</param>
/// <param name="Doubles">How many rows equal recorded events in all but their id.</param>
public sealed record ImportPreview(IReadOnlyList<PreviewMonth> Months, IReadOnlyList<PreviewRow> First, int Doubles, IReadOnlyList<DoubleRow> FirstDoubles)
{
    public const int RowsShown = 20;

    /// <summary>Looks up what is recorded. Call it after the dry run, in which its own events stand for the recorded ones.</summary>
    public static async Task<ImportPreview> OfAsync(CreditUsageDb db, ArrivingUsage arriving, IReadOnlyList<DoubleRow> doubles, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(arriving);
        var months = arriving.Sums.Keys.Select(key => key.Month).Distinct().ToList();
        var there = await db.UsageEvents.Where(usage => months.Contains(usage.ReportMonth)).GroupBy(usage => new { usage.ReportMonth, usage.Kind })
            .Select(group => new { group.Key, Events = group.Count(), Credits = group.Sum(usage => (long)usage.Credits), Pence = group.Sum(usage => usage.CostPence ?? 0), Unpriced = group.Count(usage => usage.CostPence == null) })
            .ToDictionaryAsync(group => (group.Key.ReportMonth, group.Key.Kind), group => new PreviewSum(group.Events, group.Credits, group.Pence, group.Unpriced), cancellation);
        return new ImportPreview(
            [.. arriving.Sums.Select(sum => new PreviewMonth(sum.Key.Month.Number, sum.Key.Kind, sum.Value, there.GetValueOrDefault((sum.Key.Month, sum.Key.Kind), PreviewSum.None)))],
            [.. arriving.First], doubles.Count, [.. doubles.Take(RowsShown)]);
    }
}

/// <param name="Pence">Of the events with a price.</param>
/// <param name="Unpriced">Events without a price; of these nothing is known in money.</param>
public sealed record PreviewSum(int Events, long Credits, long Pence, int Unpriced)
{
    public static readonly PreviewSum None = new(0, 0, 0, 0);

    public PreviewSum With(UsageEvent row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new PreviewSum(Events + 1, Credits + row.Credits, Pence + (row.CostPence ?? 0), Unpriced + (row.CostPence is null ? 1 : 0));
    }
}

/// <param name="Number">Of the month whose report shows the events.</param>
public sealed record PreviewMonth(int Number, UsageKind Kind, PreviewSum New, PreviewSum There)
{
    [JsonIgnore]
    public UsageMonth Month => UsageMonth.FromNumber(Number);
}

/// <param name="ReportMonth">The number of the month whose report shows the event.</param>
public sealed record PreviewRow(int Line, UsageRecord Record, int ReportMonth, int Credits, long? CostPence);

/// <param name="Recorded">The id of the recorded event.</param>
public sealed record DoubleRow(int Line, string EventId, string Recorded);

/// <summary>Collects what a dry run would record.</summary>
public sealed class ArrivingUsage
{
    private readonly SortedDictionary<(UsageMonth Month, UsageKind Kind), PreviewSum> _sums = [];
    private readonly List<PreviewRow> _first = [];

    public IReadOnlyDictionary<(UsageMonth Month, UsageKind Kind), PreviewSum> Sums => _sums;

    public IReadOnlyList<PreviewRow> First => _first;

    public void Add(int line, UsageRecord record, UsageEvent row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var key = (row.ReportMonth, row.Kind);
        _sums[key] = _sums.GetValueOrDefault(key, PreviewSum.None).With(row);
        if (_first.Count < ImportPreview.RowsShown) _first.Add(new PreviewRow(line, record, row.ReportMonth.Number, row.Credits, row.CostPence));
    }
}

using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Compare;

/// <summary>Compares a report with the same one of another month, in one snapshot.</summary>
public sealed class CompareMonths(ReportQuery query, CreditUsageDb db)
{
    public async Task<ComparedMonths> RunAsync(ReportFilter filter, UsageMonth with, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var now = await query.OpenOnScreenAsync(filter, cancellation);
        var before = await now.OfMonthAsync(with, cancellation);
        var prices = await db.CreditPrices.AsNoTracking().ToListAsync(cancellation);
        var average = Average(before.All);
        var repriced = new Dictionary<string, long?>(StringComparer.Ordinal);
        await foreach (var row in now.RowsAsync(cancellation))
            repriced[row.Group!.Key] = repriced.GetValueOrDefault(row.Group.Key, 0) + (PriceThen(row, with, prices) ?? average)?.CostPence(row.Credits);
        var groups = Groups(before, now, repriced).OrderByDescending(group => Math.Abs(group.CostPence ?? 0)).ThenBy(group => group.Title, StringComparer.InvariantCulture).ToList();
        return new ComparedMonths(before, now, new ComparedUsage("Total", before.All, now.All, repriced.Values.Aggregate((long?)0, (sum, pence) => sum + pence)), groups);
    }

    private static IEnumerable<ComparedUsage> Groups(CreditUsageReport before, CreditUsageReport now, IReadOnlyDictionary<string, long?> repriced)
    {
        var then = before.Groups!.ToDictionary(group => group.Key, StringComparer.Ordinal);
        foreach (var group in now.Groups!) yield return new(group.Title, then.GetValueOrDefault(group.Key)?.Total ?? UsageTotal.Nothing, group.Total, repriced.GetValueOrDefault(group.Key, 0));
        foreach (var group in before.Groups!.ExceptBy(now.Groups!.Select(group => group.Key), group => group.Key)) yield return new(group.Title, group.Total, UsageTotal.Nothing, 0);
    }

    /// <summary>The average price of a month without a price list, whose events state their costs; null where credits or costs are missing.</summary>
    private static CreditPrice? Average(UsageTotal total) => total is { Credits: > 0, CostPence: >= 0 and { } pence }
        ? new CreditPrice { ValidFrom = DateOnly.MinValue, PriceMicros = (long)Math.Round(pence * (CreditPrice.MicrosPerPound / 100m) / total.Credits, MidpointRounding.AwayFromZero) } : null;

    /// <summary>The price on the same day of the other month, or on its last day where it is shorter.</summary>
    private static CreditPrice? PriceThen(UsageRow row, UsageMonth month, IEnumerable<CreditPrice> prices) =>
        CreditPrice.On(prices, month.Start.AddDays(Math.Min(row.ServiceDate.Day, month.End.AddDays(-1).Day) - 1));
}

/// <summary>Parses the "with" parameter: previous, last-year or a month such as 2025-10.</summary>
public static class CompareWith
{
    public const string Previous = "previous";
    public const string LastYear = "last-year";

    /// <summary>Null where there is no such month. No word means the previous month.</summary>
    public static UsageMonth? Of(string? word, UsageMonth month) => word switch
    {
        null or "" or Previous => month.Previous,
        LastYear => UsageMonth.Of(month.Start.AddYears(-1)),
        _ => UsageMonth.TryParse(word, out var other) ? other : null,
    };
}

/// <summary>The groups' figures add up to the total's.</summary>
/// <param name="Groups">The largest difference first.</param>
public sealed record ComparedMonths(CreditUsageReport Before, CreditUsageReport Now, ComparedUsage Total, IReadOnlyList<ComparedUsage> Groups);

/// <param name="RepricedPence">
/// This month's credits at the other month's prices: each event at the price of the same day there, rounded as the event was; where
/// that month has no price, at the average cost of its credits. Null where there is no average either.
/// </param>
public sealed record ComparedUsage(string Title, UsageTotal Before, UsageTotal Now, long? RepricedPence)
{
    public long Events => Now.Events - Before.Events;

    public long Credits => Now.Credits - Before.Credits;

    /// <summary>Null where money is withheld in either month.</summary>
    public long? CostPence => Now.CostPence - Before.CostPence;

    /// <summary>The part of the difference that comes from prices.</summary>
    public long? PricePence => Now.CostPence - RepricedPence;

    /// <summary>The part of the difference that comes from usage.</summary>
    public long? UsePence => CostPence - PricePence;

    public string Change => (Before.Rows, Now.Rows) switch
    {
        (0, > 0) => "Came",
        ( > 0, 0) => "Went",
        _ => Before == Now ? "Unchanged" : "Changed",
    };

    /// <summary>Whole percent of the earlier cost, rounded half away from zero; null where there was none.</summary>
    public long? Percent => CostPence is { } difference && Before.CostPence is > 0 and { } before ? (long)Math.Round(difference * 100m / before, MidpointRounding.AwayFromZero) : null;
}

using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Compare;

/// <summary>Holds a report against the same one of another month, both of one instant.</summary>
public sealed class CompareMonths(UsageReportQuery query, CreditUsageDb db)
{
    /// <param name="filter">A valid and grouped one.</param>
    /// <param name="with">A month that can be reported.</param>
    public async Task<ComparedMonths> RunAsync(UsageReportFilter filter, UsageMonth with, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var before = await query.RunAsync(filter with { Month = with }, cancellation);
        var now = await query.RunAsync(filter, cancellation);
        var prices = await db.CreditPrices.AsNoTracking().ToListAsync(cancellation);
        var average = Average(before.All);
        var repriced = new Dictionary<string, long?>(StringComparer.Ordinal);
        await foreach (var row in query.RowsAsync(filter, cancellation))
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

    /// <summary>What a credit came to in a month whose events state their costs and that has no price; null where nothing can be divided.</summary>
    private static CreditPrice? Average(UsageTotal total) => total is { Credits: > 0, CostPence: >= 0 and { } pence }
        ? new CreditPrice { ValidFrom = DateOnly.MinValue, PriceMicros = (long)Math.Round(pence * (CreditPrice.MicrosPerPound / 100m) / total.Credits, MidpointRounding.AwayFromZero) } : null;

    /// <summary>The price on the same day of the other month, or on its last where it is shorter.</summary>
    private static CreditPrice? PriceThen(UsageRow row, UsageMonth month, IEnumerable<CreditPrice> prices) =>
        CreditPrice.On(prices, month.Start.AddDays(Math.Min(row.ServiceDate.Day, month.End.AddDays(-1).Day) - 1));
}

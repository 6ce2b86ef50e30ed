using System.Runtime.CompilerServices;
using CreditUsage.Core.Intake;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

/// <summary>What another price makes of the events of some days: of those that the price list has priced and that nobody has given another cost.</summary>
/// <param name="last">Included.</param>
/// <param name="priceMicros">Millionths of a pound.</param>
public sealed class RepricedUsage(CreditUsageDb db, DateOnly first, DateOnly last, long priceMicros)
{
    private const int EventsAtOnce = 1000;

    private readonly CreditPrice _price = new() { ValidFrom = first, PriceMicros = priceMicros };

    public IQueryable<UsageEvent> Corrections => OfDays.Where(usage => usage.CorrectsId != null);

    public IQueryable<UsageEvent> Originals => OfDays.Where(usage => usage.Correction == null);

    /// <summary>The month first, since the events are found by it.</summary>
    private IQueryable<UsageEvent> OfDays => db.UsageEvents.AsNoTracking().Where(usage => usage.ReportMonth >= UsageMonth.Of(first) && usage.ServiceDate >= first && usage.ServiceDate <= last);

    private IQueryable<UsageEvent> Priced => Originals.Where(usage => usage.UnitPriceMicros != null);

    /// <summary>The keys of the events that the price list has priced.</summary>
    public async Task<IReadOnlyList<long>> KeysAsync(CancellationToken cancellation) => await Priced.Select(usage => usage.Id).ToListAsync(cancellation);

    /// <summary>What would be corrected, by the month of the report.</summary>
    public async Task<RepricePreview> PreviewAsync(CancellationToken cancellation)
    {
        var months = new SortedDictionary<UsageMonth, RepricedMonth>();
        var untouched = await Priced.Where(usage => !db.UsageEvents.Any(correction => correction.CorrectsId == usage.Id))
            .GroupBy(usage => new { usage.ReportMonth, usage.Credits, usage.CostPence }).Select(group => new { group.Key, Events = group.Count() }).ToListAsync(cancellation);
        foreach (var group in untouched) Add(group.Key.ReportMonth, group.Events, new(0, group.Key.Credits, group.Key.CostPence));
        var byHand = 0;
        var corrected = await Priced.Where(usage => db.UsageEvents.Any(correction => correction.CorrectsId == usage.Id)).Select(usage => usage.Id).ToListAsync(cancellation);
        await foreach (var page in InPagesAsync(corrected, cancellation))
            foreach (var net in page.Where(net => !net.IsReversed))
            {
                if (net.IsPriced) Add(net.Original.ReportMonth, 1, net.Current);
                else byHand++;
            }
        return new RepricePreview([.. months.Values], byHand, await Originals.CountAsync(usage => usage.UnitPriceMicros == null && usage.CostPence != null, cancellation), await Originals.CountAsync(usage => usage.CostPence == null, cancellation));

        void Add(UsageMonth month, int events, UsageFigures figures)
        {
            if (_price.CostPence(figures.Credits) is var then && then == figures.CostPence) return;
            var sum = months.GetValueOrDefault(month, new RepricedMonth(month, 0, 0, 0, 0));
            months[month] = new(month, sum.Events + events, sum.Credits + ((long)events * figures.Credits), sum.NowPence + (events * figures.CostPence!.Value), sum.ThenPence + (events * then));
        }
    }

    /// <summary>With their corrections, so many at once that memory does not grow with them.</summary>
    public async IAsyncEnumerable<IReadOnlyList<NetUsage>> InPagesAsync(IReadOnlyList<long> keys, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var page in keys.Chunk(EventsAtOnce))
            yield return await NetUsage.OfAsync(db, await db.UsageEvents.AsNoTracking().Where(usage => page.Contains(usage.Id)).ToListAsync(cancellation), cancellation);
    }

    /// <summary>The correction's figures; null where the event keeps its cost.</summary>
    public UsageFigures? Change(NetUsage net)
    {
        ArgumentNullException.ThrowIfNull(net);
        if (net.IsReversed || !net.IsPriced) return null;
        var difference = _price.CostPence(net.Current.Credits) - net.Current.CostPence!.Value;
        return difference == 0 ? null : new UsageFigures(0, 0, difference);
    }
}

/// <param name="ByHand">Events whose cost somebody has corrected; they keep it.</param>
/// <param name="Stated">Events that state their own cost; they keep it.</param>
/// <param name="Unpriced">Events without a cost, which get theirs.</param>
public sealed record RepricePreview(IReadOnlyList<RepricedMonth> Months, int ByHand, int Stated, int Unpriced)
{
    public int Events => Months.Sum(month => month.Events);

    public long DifferencePence => Months.Sum(month => month.ThenPence - month.NowPence);
}

/// <param name="Month">Whose report shows the corrections.</param>
public sealed record RepricedMonth(UsageMonth Month, int Events, long Credits, long NowPence, long ThenPence);

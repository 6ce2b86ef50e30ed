using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.UsageReport;

/// <summary>What stands above the rows: five figures, and the days as bars.</summary>
public sealed record MonthSummary(CreditUsageReport Report, IReadOnlyList<DatedPrice> Prices)
{
    /// <summary>Units of the drawing.</summary>
    public const int BarWidth = 14, Slot = 18, Height = 64;

    private ReportFilter Filter => Report.Filter;

    /// <summary>Pence of the month before; null where it is not reported, where part of its days is left out, and where money is withheld.</summary>
    private long? CostBefore => Filter.Month.Previous < UsageMonth.Of(Report.Subscription.StartsOn) || Filter.Rows is { From: not null } or { To: not null } ? null
        : Report.Days!.Where(day => day.Month != Filter.Month).Aggregate(UsageTotal.Nothing, (total, day) => total + day.Total).CostPence;

    /// <summary>"+12% on September 2026".</summary>
    public string? Change => CostBefore is { } before and > 0 && Report.All.CostPence is { } pence
        ? $"{Math.Round((pence - before) * 100m / before).ToString("+0;-0;0", Display.British)}% on {Filter.Month.Previous.Name}" : null;

    /// <summary>"£0.45", or "£0.45 to £0.48" where it changed in the month.</summary>
    public string Price => DatedPrice.Of(Filter.Month, Prices);

    /// <summary>Each day of the month. Bars are as long as the cost, or as the credits while money is withheld.</summary>
    public IEnumerable<DayBar> Bars
    {
        get
        {
            var priced = Report.All.CostPence is not null;
            var byDay = Report.Days!.Where(day => day.Month == Filter.Month).ToLookup(day => day.Day);
            var most = Math.Max(1, byDay.Select(day => Math.Max(0, day.Sum(Value))).DefaultIfEmpty(0).Max());
            for (var day = Filter.Month.Start; day < Filter.Month.End; day = day.AddDays(1))
            {
                var (sessions, topUps) = (Of(UsageKind.ConnectedSession), Of(UsageKind.DailyTopUp));
                var total = priced ? Display.Pounds(sessions + topUps) : Display.Count(sessions + topUps, "credit", "credits");
                yield return new DayBar(
                    day, (day.Day - 1) * Slot, Length(sessions), Length(topUps), $"{Display.Day(day)}: {total}",
                    $"/usage-report{(Filter.Ungrouped with { Rows = Filter.Rows with { From = day, To = day } }).Query()}");

                long Of(UsageKind kind) => byDay[day].Where(part => part.Kind == kind).Sum(Value);
            }

            long Value(DayOfKind part) => priced ? part.Total.KnownCostPence : part.Total.Credits;
            decimal Length(long value) => Math.Round(Math.Max(0, value) * (decimal)Height / most, 1);
        }
    }
}

/// <param name="Sessions">Length of the part for connected sessions, which stands on that for top-ups.</param>
public sealed record DayBar(DateOnly Day, int Left, decimal Sessions, decimal TopUps, string Text, string Address)
{
    public bool IsWeekend => Day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
}

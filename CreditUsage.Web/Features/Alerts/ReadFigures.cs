using CreditUsage.Core.Ledger;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Alerts;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Alerts;

/// <summary>Reads the figures that rules watch, all of one instant.</summary>
public sealed class ReadFigures(CreditUsageDb db, CreditStandingQuery standing, IUsageSums sums, TimeProvider clock)
{
    public async Task<IReadOnlyList<LineReading>> RunAsync(IReadOnlyList<AlertRule> rules, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rules);
        await db.BeginSnapshotAsync(cancellation);
        try
        {
            var readings = new List<LineReading>();
            if (rules.Any(rule => !AlertWords.IsSpend(rule.Kind))) readings.AddRange(OfCredits(rules, await standing.RunAsync(clock.GetUtcNow(), cancellation)));
            foreach (var rule in rules.Where(rule => AlertWords.IsSpend(rule.Kind))) readings.AddRange(await OfSpendAsync(rule, cancellation));
            return readings;
        }
        finally
        {
            await db.EndSnapshotAsync();
        }
    }

    private static IEnumerable<LineReading> OfCredits(IReadOnlyList<AlertRule> rules, CreditStanding credits)
    {
        foreach (var rule in rules.Where(rule => rule.Kind == AlertKind.BalanceBelow))
            yield return new(rule, credits.Available < rule.Line, credits.Available, null, IsPresent: true, AlertWords.BalanceSaid(rule, credits.Available));
        foreach (var rule in rules.Where(rule => rule.Kind == AlertKind.RunsOutWithin))
            yield return new(rule, credits.Forecast.DaysLeft <= rule.Line, credits.Forecast.DaysLeft ?? 0, null, IsPresent: true, AlertWords.ForecastSaid(rule, credits.Forecast));
    }

    /// <summary>The month in progress, and the one before where it was watched already: its usage may come in after its end.</summary>
    private async Task<List<LineReading>> OfSpendAsync(AlertRule rule, CancellationToken cancellation)
    {
        var present = UsageMonth.Of(clock.GetUtcNow());
        var readings = new List<LineReading>();
        var staff = rule.Kind == AlertKind.StaffMonthAbove ? await NameAsync(rule, cancellation) : null;
        foreach (var month in new[] { present.Previous, present }.Where(month => month >= UsageMonth.Of(rule.SetAt)))
        {
            var pence = await sums.SpentAsync(
                month, rule.Kind == AlertKind.StaffMonthAbove ? rule.Of : null, rule.Kind == AlertKind.ProgramMonthAbove ? rule.Of : null, cancellation);
            readings.Add(new(rule, pence > rule.Line, pence, month, month == present, AlertWords.SpendSaid(rule, staff, month, pence, month == present)));
        }
        return readings;
    }

    private async Task<string?> NameAsync(AlertRule rule, CancellationToken cancellation) =>
        await db.StaffMembers.Where(staff => staff.StaffId == rule.Of).OrderByDescending(staff => staff.Id).Select(staff => staff.Name).FirstOrDefaultAsync(cancellation);
}

using CreditUsage.Data;
using CreditUsage.Domain;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Dashboard;

/// <summary>Reads the balance page, all of it of the same instant.</summary>
public sealed class BalanceOverviewQuery(CreditUsageDb db, CreditBalance balance, TimeProvider clock)
{
    private const int MonthsShown = 13;

    public async Task<BalanceOverview> RunAsync(CancellationToken cancellation)
    {
        await db.BeginSnapshotAsync(cancellation);
        var now = clock.GetUtcNow();
        return new BalanceOverview(
            await balance.AvailableAsync(now, cancellation), await AllocatedCredits.CountAsync(db, now, cancellation), await MonthsAsync(now, cancellation),
            await WithheldMonths.LoadAsync(db, cancellation), await HasPriceAsync(now, cancellation), now);
    }

    private async Task<IReadOnlyList<(UsageMonth, MonthState)>> MonthsAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var startsOn = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.StartsOn).SingleAsync(cancellation);
        var closed = await ClosedMonths.LoadAsync(db, cancellation);
        var months = new List<(UsageMonth, MonthState)>();
        for (var month = UsageMonth.Of(now); month >= UsageMonth.Of(startsOn) && months.Count < MonthsShown; month = month.Previous) months.Add((month, closed.StateOf(month, now)));
        return months;
    }

    private async Task<bool> HasPriceAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        return await db.CreditPrices.AnyAsync(price => price.ValidFrom <= today, cancellation);
    }
}

using CreditUsage.Domain;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Data;

/// <summary>The credits that are promised and not charged yet: domain.md's Allocated.</summary>
public static class AllocatedCredits
{
    /// <summary>
    /// One credit for each day, up to its last, that a running schedule has no top-up for. A schedule that ended yesterday counts until
    /// yesterday's top-up is there; one that has not begun promises nothing yet.
    /// </summary>
    /// <param name="now">Decides which day today is, by UTC.</param>
    public static async Task<long> CountAsync(CreditUsageDb db, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var yesterday = today.AddDays(-1);
        // What came before charging here began is left as it came in: it is not promised any more.
        var from = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.ChargesTopUpsFrom).SingleOrDefaultAsync(cancellation) ?? DateOnly.MinValue;
        var running = await db.TopUpSchedules.AsNoTracking().Where(schedule => schedule.FirstDay <= today && schedule.LastDay >= yesterday)
            .Select(schedule => new
            {
                schedule.FirstDay,
                schedule.LastDay,
                Charged = db.UsageEvents.Count(usage => usage.DeviceNumber == (long)(object)schedule.DeviceId
                    && usage.ServiceDate >= schedule.FirstDay && usage.ServiceDate <= schedule.LastDay && usage.ServiceDate >= from),
            }).ToListAsync(cancellation);
        return running.Sum(schedule => Of(schedule.FirstDay, schedule.LastDay, from, schedule.Charged));
    }

    /// <summary>Credits that one schedule promises.</summary>
    /// <param name="from">The first day that is charged here.</param>
    /// <param name="charged">Its days from then on that have a top-up.</param>
    internal static long Of(DateOnly first, DateOnly last, DateOnly from, int charged) =>
        Math.Max(0L, last.DayNumber - Math.Max(first.DayNumber, from.DayNumber) + 1 - charged) * CreditRule.CreditsPerTopUp;
}

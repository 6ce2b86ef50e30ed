using System.Globalization;
using CreditUsage.Data;
using CreditUsage.Domain;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Schedules;

/// <summary>What is recorded of a schedule's days.</summary>
internal static class ScheduleDays
{
    /// <summary>The latest of its days that has a top-up, wherever that came from; null when none has.</summary>
    public static Task<DateOnly?> LastRecordedAsync(CreditUsageDb db, TopUpSchedule schedule, CancellationToken cancellation)
    {
        var device = long.Parse(schedule.DeviceId, CultureInfo.InvariantCulture);
        return db.UsageEvents.Where(usage => usage.DeviceNumber == device && usage.ServiceDate >= schedule.FirstDay && usage.ServiceDate <= schedule.LastDay)
            .MaxAsync(usage => (DateOnly?)usage.ServiceDate, cancellation);
    }
}

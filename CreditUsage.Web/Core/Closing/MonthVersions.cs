using CreditUsage.Data;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Closing;

/// <summary>How often a month has been closed.</summary>
internal static class MonthVersions
{
    /// <summary>The version it was closed as last, in force or reopened since; 0 where it never was.</summary>
    public static async Task<int> LatestAsync(CreditUsageDb db, UsageMonth month, CancellationToken cancellation) =>
        await db.MonthClosings.Where(closing => closing.Month == month).MaxAsync(closing => (int?)closing.Version, cancellation) ?? 0;
}

using CreditUsage.Data;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Paper;

/// <summary>Gives out the numbers of saved reports. A report that could not be made leaves its number unused.</summary>
public sealed class NextReportNumber(CreditUsageDb db)
{
    /// <summary>A number that no other report of the subscription has or will have, even if the process ends at once.</summary>
    public async Task<int> NextAsync(CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var own = db.Subscriptions.Where(subscription => subscription.Id == db.RequireSubscriptionId());
        await own.ExecuteUpdateAsync(set => set.SetProperty(subscription => subscription.LastReportNumber, subscription => subscription.LastReportNumber + 1), cancellation);
        var number = await own.Select(subscription => subscription.LastReportNumber).SingleAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return number;
    }
}

/// <summary>What tells one saved report from every other; it stands on each of its pages.</summary>
/// <param name="Number">Unique within the subscription.</param>
/// <param name="Version">The version that the month was closed as, or of a draft how many there have been.</param>
/// <param name="Draft">The month was not closed when it was made.</param>
public sealed record ReportNumber(int Number, int Version, bool Draft)
{
    /// <summary>"Report 17, version 1. Verify at /verify".</summary>
    public string Line => $"Report {Number}, {(Draft ? "draft" : "version")} {Version}. Verify at /verify";
}

using CreditUsage.Data;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Paper;

/// <summary>Gives out the numbers of saved reports. A report that could not be made leaves its number unused.</summary>
public sealed class ReportNumbers(CreditUsageDb db)
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

using System.Runtime.CompilerServices;
using CreditUsage.Data;
using CreditUsage.Domain.Integrity;
using CreditUsage.Platform.Integrity;
using CreditUsage.Platform.Jobs;
using CreditUsage.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Integrity;

/// <summary>Checks everything there is: the database's structure, then each subscription's records and files.</summary>
public sealed class VerifyData(CreditUsageDb db, CheckDatabase checkDatabase, AuditAnchors anchors, IServiceScopeFactory scopes)
{
    public async IAsyncEnumerable<VerifiedData> RunAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var damage = await checkDatabase.RunAsync(full: true, cancellation);
        yield return new(DataCheckKind.Database, DataCheck.Site, damage is null ? null : $"{DataChecks.Damaged} ({damage})", DataCounts.None);
        // Nothing that is read of it would mean anything.
        if (damage is not null) yield break;
        // Before the records, which may grow meanwhile.
        var written = (await anchors.ReadAsync(cancellation)).ToLookup(anchor => anchor.Subscription);
        foreach (var id in await db.Subscriptions.OrderBy(subscription => subscription.Id).Select(subscription => subscription.Id).ToListAsync(cancellation))
            yield return await scopes.InSubscriptionAsync(id, services => services.GetRequiredService<VerifyRecords>().RunAsync([.. written[id]], cancellation));
    }
}

/// <param name="Of">A subscription's id, or <see cref="DataCheck.Site"/>.</param>
/// <param name="Problem">The first thing that does not hold; null where all does.</param>
public sealed record VerifiedData(DataCheckKind Kind, int Of, string? Problem, DataCounts Counts);

public sealed record DataCounts(long Events, int ClosedMonths, int Files, long AuditEntries)
{
    public static readonly DataCounts None = new(0, 0, 0, 0);

    public static DataCounts operator +(DataCounts left, DataCounts right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new(left.Events + right.Events, left.ClosedMonths + right.ClosedMonths, left.Files + right.Files, left.AuditEntries + right.AuditEntries);
    }
}

using CreditUsage.Core.Intake;
using CreditUsage.Data;
using Microsoft.Extensions.Caching.Memory;

namespace CreditUsage.Features.UsageEvents;

/// <summary>The names of the subscriptions that have called of late, so that a call does not read thousands for the few it brings.</summary>
internal sealed class StoredNames(IMemoryCache cache)
{
    private static readonly TimeSpan KeptIdle = TimeSpan.FromMinutes(10);

    /// <summary>The current subscription's. Call it before anything is added in the same transaction.</summary>
    public async Task<KnownNames> ForAsync(CreditUsageDb db, CancellationToken cancellation) => (await cache.GetOrCreateAsync((nameof(StoredNames), db.RequireSubscriptionId()), entry =>
    {
        entry.SlidingExpiration = KeptIdle;
        return KnownNames.LoadAsync(db, cancellation);
    }))!;
}

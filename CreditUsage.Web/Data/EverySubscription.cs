using CreditUsage.Domain;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Data;

/// <summary>What may cross from one subscription to another: the site's own work, before one is entered.</summary>
public static class EverySubscription
{
    /// <summary>Stands as a comment in the statement, where an engine that keeps subscriptions apart itself looks for it.</summary>
    internal const string Tag = "of every subscription";

    /// <summary>For reads. A set-based write stands in <see cref="WriteAsync"/> too, since EF gives its statement no comment.</summary>
    public static IQueryable<T> OfEverySubscription<T>(this IQueryable<T> rows) where T : class, IOwnedBySubscription =>
        rows.IgnoreQueryFilters([CreditUsageDb.OwnedOnly]).TagWith(Tag);

    /// <summary>Runs a set-based write on the rows of every subscription.</summary>
    public static async Task<int> WriteAsync(CreditUsageDb db, Func<Task<int>> write)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(write);
        db.WritesToEverySubscription = true;
        try
        {
            return await write();
        }
        finally
        {
            db.WritesToEverySubscription = false;
        }
    }
}

using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Audit;

/// <summary>Reads the audit of the current subscription, the newest entry first.</summary>
public sealed class AuditQuery(CreditUsageDb db)
{
    public const int PageEntries = 100;

    /// <summary>A page, and whether older entries follow.</summary>
    public async Task<(IReadOnlyList<AuditEntry> Entries, bool HasMore)> PageAsync(AuditFilter filter, CancellationToken cancellation)
    {
        var entries = await Entries(filter).Take(PageEntries + 1).ToListAsync(cancellation);
        return (entries.Take(PageEntries).ToList(), entries.Count > PageEntries);
    }

    /// <summary>All of them, as they come from the database.</summary>
    public IAsyncEnumerable<AuditEntry> AllAsync(AuditFilter filter) => Entries(filter).AsAsyncEnumerable();

    /// <summary>Goes through the whole chain, in one state of it.</summary>
    /// <returns>How many entries hold, and the number of the first that does not.</returns>
    public async Task<(long Entries, long? FirstBroken)> CheckAsync(CancellationToken cancellation)
    {
        await db.BeginSnapshotAsync(cancellation);
        var checkedChain = await AuditChain.CheckAsync(db, cancellation);
        await db.EndSnapshotAsync();
        return checkedChain;
    }

    private IQueryable<AuditEntry> Entries(AuditFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var entries = db.AuditEntries.AsNoTracking();
        if (filter.From is { } from)
        {
            var first = Midnight(from);
            entries = entries.Where(entry => entry.At >= first);
        }
        if (filter.To is { } to)
        {
            var end = Midnight(to.AddDays(1));
            entries = entries.Where(entry => entry.At < end);
        }
        if (filter.Who is { } who) entries = entries.Where(entry => entry.Actor.Contains(who));
        if (filter.Action is { } action) entries = entries.Where(entry => entry.Action == action);
        if (filter.Before is { } before) entries = entries.Where(entry => entry.Sequence < before);
        return entries.OrderByDescending(entry => entry.Sequence);
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}

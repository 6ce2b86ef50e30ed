using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

/// <summary>The ledger's entries beside usage.</summary>
public sealed class LedgerList(CreditUsageDb db)
{
    public const int PageRows = 50;

    private IQueryable<LedgerLine> Lines(IQueryable<LedgerEntry> entries) =>
        entries.Select(entry => new LedgerLine(entry, db.LedgerEntries.Where(other => other.CorrectsId == entry.Id).Select(other => (long?)other.Id).FirstOrDefault()));

    /// <summary>By day, the newest first, from the start or after an entry that was shown.</summary>
    /// <param name="before">The last entry shown.</param>
    /// <returns>Null where there is no such entry.</returns>
    public async Task<LedgerPage?> PageAsync(long? before, CancellationToken cancellation)
    {
        var entries = db.LedgerEntries.AsNoTracking();
        if (before is { } id)
        {
            if (await FindAsync(id, cancellation) is not { Entry: var last }) return null;
            entries = entries.Where(entry => entry.ServiceDate < last.ServiceDate || (entry.ServiceDate == last.ServiceDate && entry.Id < last.Id));
        }
        var lines = await Lines(entries.OrderByDescending(entry => entry.ServiceDate).ThenByDescending(entry => entry.Id).Take(PageRows + 1)).ToListAsync(cancellation);
        return new LedgerPage(lines.Take(PageRows).ToList(), HasMore: lines.Count > PageRows);
    }

    public Task<LedgerLine?> FindAsync(long id, CancellationToken cancellation) =>
        Lines(db.LedgerEntries.AsNoTracking().Where(entry => entry.Id == id)).SingleOrDefaultAsync(cancellation);

    /// <summary>The id of the last entry recorded; 0 while there is none.</summary>
    public async Task<long> LastIdAsync(CancellationToken cancellation) => await db.LedgerEntries.MaxAsync(entry => (long?)entry.Id, cancellation) ?? 0;
}

/// <summary>An entry, and the correction that took it back where one did.</summary>
public sealed record LedgerLine(LedgerEntry Entry, long? TakenBackById);

/// <summary>Some entries, and whether there are older ones.</summary>
public sealed record LedgerPage(IReadOnlyList<LedgerLine> Lines, bool HasMore);

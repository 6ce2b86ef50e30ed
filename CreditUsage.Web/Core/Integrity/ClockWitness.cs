using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Integrity;

/// <summary>For what cannot be taken back and is done when its years are over: it does not trust the clock alone (docs/decisions/0014).</summary>
public sealed class ClockWitness(CreditUsageDb db, AuditLog audit, TimeProvider clock)
{
    /// <summary>The least time between two nightly runs, allowing for their delays.</summary>
    private static readonly TimeSpan Night = TimeSpan.FromHours(20);

    /// <summary>
    /// The latest audit entry that is at least a night old: the clock stood there already, and the site has run since. Ordered by sequence, so that
    /// entries from an hour with a wrong clock prove nothing once the clock has been put right.
    /// </summary>
    public Task<AuditEntry?> FindAsync(CancellationToken cancellation)
    {
        var night = clock.GetUtcNow() - Night;
        return db.AuditEntries.AsNoTracking().Where(entry => entry.At <= night).OrderByDescending(entry => entry.Sequence).FirstOrDefaultAsync(cancellation);
    }

    /// <summary>The announcement is the next night's witness where nothing else happens. Asked and written in one write: another run at the same time announces nothing.</summary>
    public async Task AnnounceAsync(AuditAction action, string subject, string detail, AuditEntry? witness, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var since = witness?.Sequence ?? 0;
        if (await db.AuditEntries.AnyAsync(entry => entry.Sequence > since && entry.Action == action && entry.Subject == subject, cancellation)) return;
        await audit.AddAsync(action, subject, detail, cancellation);
        await transaction.CommitAsync(cancellation);
    }
}

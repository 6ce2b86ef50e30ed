using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Imports;

/// <summary>What a person decides about an import once it is checked. Clicked twice, or by two at once, it is decided once.</summary>
public sealed class DecideImport(CreditUsageDb db, CurrentSubscription current, ImportFiles files, QueueImport queue, AuditLog audit)
{
    /// <summary>Import: queues it to be stored, unless something hinders that.</summary>
    public async Task StoreAsync(Guid id, CancellationToken cancellation)
    {
        var asked = await db.UsageImports.Where(import => import.Id == id && import.State == UsageImportState.Checked && import.ErrorCount == 0 && import.Accepted > 0
                && !db.UsageImports.Any(other => other.Sha256 == import.Sha256 && other.State == UsageImportState.Stored))
            .ExecuteUpdateAsync(set => set.SetProperty(import => import.State, UsageImportState.Storing).SetProperty(import => import.StoredBy, current.Actor).SetProperty(import => import.Problem, (string?)null), cancellation);
        if (asked == 1) await queue.RunAsync(await db.UsageImports.AsNoTracking().SingleAsync(import => import.Id == id, cancellation), CancellationToken.None);
    }

    /// <summary>Discard: the row stays in the history, the file goes.</summary>
    public async Task DiscardAsync(Guid id, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await db.UsageImports.SingleOrDefaultAsync(import => import.Id == id && import.State == UsageImportState.Checked, cancellation) is not { } import) return;
        import.State = UsageImportState.Discarded;
        await audit.AddAsync(AuditAction.Import, import.AuditSubject(), import.AuditDetail(), cancellation);
        await transaction.CommitAsync(cancellation);
        files.Discard(id);
    }
}

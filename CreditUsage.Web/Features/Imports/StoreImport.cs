using CreditUsage.Core;
using CreditUsage.Core.Intake;
using CreditUsage.Core.Tables;
using CreditUsage.Core.Webhooks;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Usage;
using CreditUsage.Domain.Webhooks;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Imports;

/// <summary>Stores exactly what an import's preview showed, all of it in one instant, or nothing.</summary>
public sealed class StoreImport(CreditUsageDb db, ImportFiles files, OpenTableFile open, ImportReader read, ImportTurns turns, AuditLog audit, TimeProvider clock)
{
    private const string Changed = "The data has changed since the check, so nothing was imported. Check the new figures, then choose Import again.";

    /// <returns>False where the file must be checked again, since storing it would no longer do what was shown.</returns>
    /// <exception cref="UserFacingException">The file is not the one that was uploaded.</exception>
    public async Task<bool> RunAsync(UsageImport shown, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(shown);
        await using var content = await files.OpenUploadAsync(shown.Id, cancellation);
        await using var file = await open.RunAsync(content, cancellation);
        await using (var record = await RecordUsage.BeginImportAsync(db, turns, shown.StoredBy!, clock, cancellation))
        {
            // Another job may have been faster, before this one's turn or after a kill that only one of them noticed.
            if (!await IsWantedAsync(shown, cancellation)) return true;
            if (await AsShownAsync(shown, file, record, cancellation) && await record.BeginCommitAsync(cancellation) && !await IsStoredAsync(shown, cancellation))
            {
                if (!await IsWantedAsync(shown, cancellation)) return true;
                var import = await db.UsageImports.SingleAsync(row => row.Id == shown.Id, cancellation);
                import.StoreAs(record, shown.StoredBy!, clock.GetUtcNow());
                await PublishWebhook.AddAsync(db, WebhookEvents.ImportStored, clock.GetUtcNow(), json =>
                {
                    json.WriteString("import_id", import.Id);
                    json.WriteString("file_sha256", import.Sha256);
                    json.WriteNumber("accepted", import.Accepted);
                    json.WriteNumber("duplicates", import.Duplicates);
                }, cancellation);
                await audit.AddAsync(AuditAction.Import, import.AuditSubject(), import.AuditDetail(), cancellation);
                await record.CommitAsync(cancellation);
                return true;
            }
        }
        db.ChangeTracker.Clear();
        await CheckAgainAsync(shown.Id, cancellation);
        return false;
    }

    /// <summary>Equal figures mean the same events: the file is the same, and recorded events are never removed.</summary>
    private async Task<bool> AsShownAsync(UsageImport shown, TableFile file, RecordUsage record, CancellationToken cancellation)
    {
        if (await IsStoredAsync(shown, cancellation)) return false;
        var faults = new ImportFaults();
        var done = await read.RunAsync(file, shown.Mapping, shown.LeaveOutDoubles ? await DoublesFile.LinesAsync(files, shown.Id, cancellation) : null, record, faults, null, cancellation);
        if (file.Sha256() != shown.Sha256) throw new UserFacingException("The stored file has changed since you uploaded it. Nothing was imported. Upload the file again.");
        return faults.Count == 0 && (record.Accepted, record.Duplicates) == (shown.Accepted, shown.Duplicates) && done.Notes.SequenceEqual(await files.NotesAsync(shown.Id, cancellation));
    }

    private Task<bool> IsWantedAsync(UsageImport shown, CancellationToken cancellation) =>
        db.UsageImports.AnyAsync(row => row.Id == shown.Id && row.State == UsageImportState.Storing, cancellation);

    /// <summary>Whether the same file was stored by another import.</summary>
    private Task<bool> IsStoredAsync(UsageImport shown, CancellationToken cancellation) =>
        db.UsageImports.AnyAsync(other => other.Sha256 == shown.Sha256 && other.State == UsageImportState.Stored, cancellation);

    private Task CheckAgainAsync(Guid id, CancellationToken cancellation) =>
        db.UsageImports.Where(row => row.Id == id && row.State == UsageImportState.Storing).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.State, UsageImportState.Checking).SetProperty(row => row.RowsDone, 0).SetProperty(row => row.Problem, Changed)
                .SetProperty(row => row.StoredBy, (string?)null),
            cancellation);
}

internal static class StoredImport
{
    /// <summary>Call it within the recording's transaction.</summary>
    public static void StoreAs(this UsageImport import, RecordUsage record, string by, DateTimeOffset at)
    {
        import.State = UsageImportState.Stored;
        (import.Accepted, import.Duplicates, import.ErrorCount, import.Problem) = (record.Accepted, record.Duplicates, 0, null);
        (import.StoredBy, import.StoredAt, import.IntakeId, import.FirstEventKey) = (by, at, record.IntakeId, record.FirstEventKey);
    }

    /// <summary>The audit names the file by its hash, since its name may contain a client's.</summary>
    public static string AuditSubject(this UsageImport import) => $"File {import.Sha256[..12]}";

    public static string AuditDetail(this UsageImport import) =>
        $"{import.State}: {Display.Count(import.Rows, "row", "rows")}, {Display.Number(import.Accepted)} accepted, {Display.Count(import.Duplicates, "duplicate", "duplicates")}, SHA-256 {import.Sha256}";
}

/// <summary>Stores or discards a checked import. Of two decisions at once only one counts.</summary>
public sealed class DecideImport(CreditUsageDb db, CurrentSubscription current, ImportFiles files, QueueImport queue, AuditLog audit)
{
    public async Task StoreAsync(Guid id, CancellationToken cancellation)
    {
        var asked = await db.UsageImports.Where(import => import.Id == id && import.State == UsageImportState.Checked && import.ErrorCount == 0 && import.Accepted > 0
                && !db.UsageImports.Any(other => other.Sha256 == import.Sha256 && other.State == UsageImportState.Stored))
            .ExecuteUpdateAsync(set => set.SetProperty(import => import.State, UsageImportState.Storing).SetProperty(import => import.StoredBy, current.Actor).SetProperty(import => import.Problem, (string?)null), cancellation);
        if (asked == 1) await queue.RunAsync(await db.UsageImports.AsNoTracking().SingleAsync(import => import.Id == id, cancellation), CancellationToken.None);
    }

    /// <summary>Has every event of a stored import taken back that is not reversed yet.</summary>
    public async Task ReverseAsync(Guid id, string reason, CancellationToken cancellation)
    {
        var asked = await db.UsageImports.Where(import => import.Id == id && import.State == UsageImportState.Stored && import.IntakeId != null)
            .ExecuteUpdateAsync(set => set.SetProperty(import => import.State, UsageImportState.Reversing).SetProperty(import => import.ReversedBy, current.Actor).SetProperty(import => import.ReverseReason, reason)
                .SetProperty(import => import.RowsDone, 0).SetProperty(import => import.Problem, (string?)null), cancellation);
        if (asked == 1) await queue.RunAsync(await db.UsageImports.AsNoTracking().SingleAsync(import => import.Id == id, cancellation), CancellationToken.None);
    }

    /// <summary>Has the file checked again without the rows that equal recorded events, as the last check listed them, or with them.</summary>
    public async Task LeaveOutDoublesAsync(Guid id, bool leaveOut, CancellationToken cancellation)
    {
        var asked = await db.UsageImports.Where(import => import.Id == id && import.State == UsageImportState.Checked && import.LeaveOutDoubles != leaveOut)
            .ExecuteUpdateAsync(set => set.SetProperty(import => import.LeaveOutDoubles, leaveOut).SetProperty(import => import.State, UsageImportState.Checking).SetProperty(import => import.RowsDone, 0).SetProperty(import => import.Problem, (string?)null), cancellation);
        if (asked == 1) await queue.RunAsync(await db.UsageImports.AsNoTracking().SingleAsync(import => import.Id == id, cancellation), CancellationToken.None);
    }

    /// <summary>The row stays in the history; the file is removed.</summary>
    public async Task DiscardAsync(Guid id, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.UsageImports.SingleOrDefaultAsync(import => import.Id == id && (import.State == UsageImportState.Checked || import.State == UsageImportState.NeedsColumns), cancellation) is not { } import) return;
        import.State = UsageImportState.Discarded;
        await audit.AddAsync(AuditAction.Import, import.AuditSubject(), import.AuditDetail(), cancellation);
        await transaction.CommitAsync(cancellation);
        await files.DiscardAsync(id);
    }
}

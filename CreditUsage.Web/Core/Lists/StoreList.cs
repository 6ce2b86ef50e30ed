using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;

namespace CreditUsage.Core.Lists;

/// <summary>Stores exactly what a list's preview showed, all of it in one transaction, or nothing.</summary>
public sealed class StoreList(CreditUsageDb db, AuditLog audit)
{
    /// <param name="rows">As the file has them; they are checked again, since others may have changed things meanwhile.</param>
    /// <param name="shown">The version of the preview.</param>
    /// <returns>The check, and whether all of it is stored now: here, or before as the same file was confirmed twice.</returns>
    public async Task<(ListCheck<T> Check, bool Stored)> RunAsync<T>(ListKind<T> kind, string sha256, IReadOnlyList<ListRow> rows, string? shown, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(sha256);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var check = await kind.CheckAsync(rows, cancellation);
        if (!check.MayBeStored) return (check, check.Faults.Count == 0);
        if (check.Version != shown) return (check, false);
        await kind.StoreAsync(check.ToStore, cancellation);
        // The file is named by its hash, since its name may contain a client's.
        await audit.AddAsync(AuditAction.Import, $"File {sha256[..12]}", $"{kind.Counted(check.New)} stored, {Display.Number(check.There)} there already, SHA-256 {sha256}", cancellation);
        await transaction.CommitAsync(cancellation);
        return (check, true);
    }
}

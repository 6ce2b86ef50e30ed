using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

/// <summary>Takes an entry back by a correction: once, and only an entry that is no correction itself (domain.md rule 7).</summary>
public sealed class ReverseEntry(CreditUsageDb db, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    /// <summary>The correction; the one that was there where the entry has been taken back before.</summary>
    /// <param name="reason">Normalised and not empty.</param>
    /// <returns>Null where there is no entry to take back by that id.</returns>
    public async Task<LedgerEntry?> RunAsync(long id, string reason, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await db.LedgerEntries.AsNoTracking().SingleOrDefaultAsync(entry => entry.Id == id && entry.Kind != LedgerEntryKind.Correction, cancellation) is not { } entry) return null;
        if (await db.LedgerEntries.AsNoTracking().SingleOrDefaultAsync(other => other.CorrectsId == id, cancellation) is { } before) return before;
        var correction = CorrectionOf(entry, reason, await ClosedMonths.LoadAsync(db, cancellation));
        db.Add(correction);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Ledger, $"Credit entry {correction.Id}", $"Takes back entry {entry.Id}. {LedgerLabels.Audited(correction)}", cancellation);
        await transaction.CommitAsync(cancellation);
        return correction;
    }

    /// <summary>In the entry's own month while that is open, so that the two cancel out there; the balance changes now.</summary>
    private LedgerEntry CorrectionOf(LedgerEntry entry, string reason, ClosedMonths closed) => new()
    {
        SubscriptionId = entry.SubscriptionId,
        Kind = LedgerEntryKind.Correction,
        ServiceDate = entry.ServiceDate,
        ReportMonth = closed.ReportMonth(entry.ReportMonth),
        PostedAt = clock.GetUtcNow(),
        Credits = -entry.Credits,
        PackSize = entry.PackSize,
        PaidPence = -entry.PaidPence,
        VatPence = -entry.VatPence,
        InvoiceNumber = entry.InvoiceNumber,
        Reason = reason,
        CorrectsId = entry.Id,
        RecordedAt = clock.GetUtcNow(),
        RecordedBy = current.Actor,
    };
}

using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

public sealed class RecordLedgerEntry(CreditUsageDb db, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    /// <summary>A repeated form has one effect and returns the same entry.</summary>
    /// <param name="lastSeenId">The last entry when the form was shown.</param>
    /// <returns>The entry; null with the fault where the invoice is recorded already.</returns>
    public async Task<(LedgerEntry? Entry, Problem? Fault)> RunAsync(LedgerDraft draft, long lastSeenId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(draft);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var entry = EntryOf(draft, await db.ClosedMonthsAsync(cancellation));
        if (await RepeatedAsync(entry, lastSeenId, cancellation) is { } repeated) return (repeated, null);
        if (await SameInvoiceAsync(entry, cancellation) is { } fault) return (null, fault);
        await AddAsync([entry], cancellation);
        await transaction.CommitAsync(cancellation);
        return (entry, null);
    }

    /// <summary>Records purchases of whose invoices none is recorded, within the caller's write.</summary>
    public async Task RunAsync(IReadOnlyList<LedgerDraft> purchases, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(purchases);
        var closed = await db.ClosedMonthsAsync(cancellation);
        await AddAsync([.. purchases.Select(draft => EntryOf(draft, closed))], cancellation);
    }

    /// <summary>Purchases by their invoice number, whatever its case. An invoice whose purchase was reversed may be recorded again.</summary>
    public async Task<IReadOnlyDictionary<string, LedgerEntry>> InvoicesAsync(CancellationToken cancellation)
    {
        var standing = await db.LedgerEntries.AsNoTracking().Where(entry => entry.Kind == LedgerEntryKind.Purchase && !db.LedgerEntries.Any(correction => correction.CorrectsId == entry.Id))
            .OrderBy(entry => entry.Id).ToListAsync(cancellation);
        return standing.DistinctBy(entry => entry.InvoiceNumber, StringComparer.OrdinalIgnoreCase).ToDictionary(entry => entry.InvoiceNumber!, StringComparer.OrdinalIgnoreCase);
    }

    private async Task AddAsync(IReadOnlyList<LedgerEntry> entries, CancellationToken cancellation)
    {
        db.AddRange(entries);
        await db.SaveChangesAsync(cancellation);
        // The audit would look through all of them for changes with each of its entries.
        db.ChangeTracker.Clear();
        foreach (var entry in entries) await audit.AddAsync(AuditAction.Ledger, $"Credit entry {entry.Id}", LedgerLabels.Audited(entry), cancellation);
    }

    private LedgerEntry EntryOf(LedgerDraft draft, ClosedMonths closed)
    {
        var now = clock.GetUtcNow();
        var own = UsageMonth.Of(draft.Day);
        var month = closed.ReportMonth(own);
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        return new LedgerEntry
        {
            SubscriptionId = db.RequireSubscriptionId(),
            Kind = draft.Kind,
            ServiceDate = draft.Day,
            ReportMonth = month,
            PostedAt = draft.Day == today || month != own ? now : new DateTimeOffset(draft.Day, TimeOnly.MinValue, TimeSpan.Zero),
            Credits = draft.Credits,
            PackSize = draft.Purchase?.PackSize,
            PaidPence = draft.Purchase?.PaidPence,
            VatPence = draft.Purchase?.VatPence,
            InvoiceNumber = draft.Purchase?.InvoiceNumber,
            Reason = draft.Reason,
            RecordedAt = now,
            RecordedBy = current.Actor,
        };
    }

    private Task<LedgerEntry?> RepeatedAsync(LedgerEntry entry, long lastSeenId, CancellationToken cancellation) => db.LedgerEntries.AsNoTracking().Where(other =>
        other.Id > lastSeenId && other.RecordedBy == entry.RecordedBy && other.Kind == entry.Kind && other.ServiceDate == entry.ServiceDate && other.Credits == entry.Credits
        && other.PackSize == entry.PackSize && other.PaidPence == entry.PaidPence && other.VatPence == entry.VatPence && other.InvoiceNumber == entry.InvoiceNumber && other.Reason == entry.Reason)
        .OrderBy(other => other.Id).FirstOrDefaultAsync(cancellation);

    private async Task<Problem?> SameInvoiceAsync(LedgerEntry entry, CancellationToken cancellation) =>
        entry.InvoiceNumber is not { } invoice || !(await InvoicesAsync(cancellation)).TryGetValue(invoice, out var same) ? null
            : new Problem("invoice", $"Invoice {same.InvoiceNumber} is already recorded, with the purchase of {Display.Day(same.ServiceDate)}. Reverse that one first, or enter another number.");
}

/// <param name="Credits">Signed: added to the balance.</param>
public sealed record LedgerDraft(LedgerEntryKind Kind, DateOnly Day, int Credits, string? Reason)
{
    public LedgerPurchase? Purchase { get; init; }
}

/// <param name="PaidPence">Includes VAT.</param>
public sealed record LedgerPurchase(int PackSize, long PaidPence, long VatPence, string InvoiceNumber)
{
    public long NetPence => PaidPence - VatPence;
}

/// <summary>Reverses an entry by a correction: once, and never a correction itself (domain.md rule 7).</summary>
public sealed class ReverseEntry(CreditUsageDb db, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    /// <summary>Returns the existing correction where the entry has been reversed before.</summary>
    /// <returns>Null where no such entry can be reversed.</returns>
    public async Task<LedgerEntry?> RunAsync(long id, string reason, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.LedgerEntries.AsNoTracking().SingleOrDefaultAsync(entry => entry.Id == id && entry.Kind != LedgerEntryKind.Correction, cancellation) is not { } entry) return null;
        if (await db.LedgerEntries.AsNoTracking().SingleOrDefaultAsync(other => other.CorrectsId == id, cancellation) is { } before) return before;
        var correction = CorrectionOf(entry, reason, await db.ClosedMonthsAsync(cancellation));
        db.Add(correction);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Ledger, $"Credit entry {correction.Id}", $"Takes back entry {entry.Id}. {LedgerLabels.Audited(correction)}", cancellation);
        await transaction.CommitAsync(cancellation);
        return correction;
    }

    /// <summary>In the entry's own month while that is open, so that the two cancel out; the balance changes now.</summary>
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

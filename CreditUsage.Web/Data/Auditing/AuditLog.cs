using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CreditUsage.Domain.Auditing;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Data.Auditing;

/// <summary>Appends to the audit. An open transaction must be a write (<see cref="CreditUsageDb.BeginWriteAsync"/>), so that no two entries follow the same one.</summary>
public sealed class AuditLog(CreditUsageDb db, CurrentSubscription current, TimeProvider clock)
{
    private const int MaxCharacters = 2000;

    /// <param name="subject">Such as "October 2026"; never a client's name, a password or a key.</param>
    public async Task AddAsync(AuditAction action, string subject, string detail, CancellationToken cancellation)
    {
        if (db.Database.CurrentTransaction is not null)
        {
            await AppendAsync(current.Actor, clock.GetUtcNow(), action, subject, detail, cancellation);
            return;
        }
        await using var transaction = await db.BeginWriteAsync(cancellation);
        await AppendAsync(current.Actor, clock.GetUtcNow(), action, subject, detail, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Appends what <paramref name="actor"/> did at an earlier instant, within a write.</summary>
    public async Task AppendAsync(string actor, DateTimeOffset at, AuditAction action, string subject, string detail, CancellationToken cancellation)
    {
        var last = await db.AuditEntries.AsNoTracking().OrderByDescending(entry => entry.Sequence).Select(entry => new { entry.Sequence, entry.Hash }).FirstOrDefaultAsync(cancellation);
        var entry = new AuditEntry
        {
            SubscriptionId = db.RequireSubscriptionId(),
            Sequence = (last?.Sequence ?? 0) + 1,
            // The database keeps whole milliseconds, and the hash covers them.
            At = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds()),
            Actor = Truncate(actor),
            Action = action,
            Subject = Truncate(subject),
            Detail = Truncate(detail),
            PreviousHash = last?.Hash ?? "",
            Hash = "",
        };
        var hash = AuditChain.HashOf(entry);
        db.Add(entry).Property(row => row.Hash).CurrentValue = hash;
        await db.SaveChangesAsync(cancellation);
        db.Entry(entry).State = EntityState.Detached;
    }

    private static string Truncate(string text) => text.Length <= MaxCharacters ? text : text[..MaxCharacters];
}

/// <summary>The chain of hashes that makes a change to the audit visible.</summary>
public static class AuditChain
{
    /// <summary>SHA-256, lower-case hexadecimal, of every field and the previous hash. A JSON array keeps one field from running into the next.</summary>
    public static string HashOf(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var fields = new object[] { entry.SubscriptionId, entry.Sequence, entry.At.ToUnixTimeMilliseconds(), entry.Actor, (int)entry.Action, entry.Subject, entry.Detail, entry.PreviousHash };
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(fields))));
    }

    /// <summary>The newest entry's number and hash; null before the first.</summary>
    public static async Task<AuditHead?> HeadAsync(CreditUsageDb db, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        return await db.AuditEntries.AsNoTracking().OrderByDescending(entry => entry.Sequence).Select(entry => new AuditHead(entry.Sequence, entry.Hash)).FirstOrDefaultAsync(cancellation);
    }

    /// <summary>Counts the intact entries and finds the first that is missing or changed; null where none is.</summary>
    /// <param name="heads">What was the newest entry at some time and is written elsewhere: cutting off the newest entries leaves a chain that is whole in itself.</param>
    public static async Task<(long Entries, long? FirstBroken)> CheckAsync(CreditUsageDb db, CancellationToken cancellation, IEnumerable<AuditHead>? heads = null)
    {
        ArgumentNullException.ThrowIfNull(db);
        var written = (heads ?? []).ToLookup(head => head.Sequence, head => head.Hash);
        var (sequence, hash) = (0L, "");
        await foreach (var entry in db.AuditEntries.AsNoTracking().OrderBy(entry => entry.Sequence).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            if (entry.Sequence != sequence + 1 || entry.PreviousHash != hash || entry.Hash != HashOf(entry) || written[entry.Sequence].Any(head => head != entry.Hash)) return (sequence, sequence + 1);
            (sequence, hash) = (entry.Sequence, entry.Hash);
        }
        return (sequence, written.Any(head => head.Key > sequence) ? sequence + 1 : null);
    }
}

/// <summary>An entry of the audit that is written down outside the database too.</summary>
public sealed record AuditHead(long Sequence, string Hash);

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CreditUsage.Domain.Auditing;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Data.Auditing;

/// <summary>The chain of hashes that makes a change to the audit visible.</summary>
public static class AuditChain
{
    /// <summary>SHA-256 over every field and the hash before, lower-case hexadecimal. A JSON array, so that no field can run into the next.</summary>
    public static string HashOf(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var fields = new object[] { entry.SubscriptionId, entry.Sequence, entry.At.ToUnixTimeMilliseconds(), entry.Actor, (int)entry.Action, entry.Subject, entry.Detail, entry.PreviousHash };
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(fields))));
    }

    /// <summary>Goes through the current subscription's audit from its first entry.</summary>
    /// <returns>How many entries hold, and the number of the first that is missing or was tampered with; null when none is.</returns>
    public static async Task<(long Entries, long? FirstBroken)> CheckAsync(CreditUsageDb db, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var (sequence, hash) = (0L, "");
        await foreach (var entry in db.AuditEntries.AsNoTracking().OrderBy(entry => entry.Sequence).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            if (entry.Sequence != sequence + 1 || entry.PreviousHash != hash || entry.Hash != HashOf(entry)) return (sequence, sequence + 1);
            (sequence, hash) = (entry.Sequence, entry.Hash);
        }
        return (sequence, null);
    }
}

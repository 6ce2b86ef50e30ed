using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Shared;

/// <summary>What somebody else saved while a form was open, beside what was typed into it.</summary>
/// <param name="By">Null where it is not known, as for a setting that was never saved.</param>
public sealed record SavedMeanwhile(string? By, DateTimeOffset? At, IReadOnlyList<ComparedValue> Values)
{
    /// <summary>Who saved a setting last, by the audit.</summary>
    /// <param name="subject">The setting's in the audit.</param>
    public static async Task<SavedMeanwhile> ByAuditAsync(CreditUsageDb db, string subject, IReadOnlyList<ComparedValue> values, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var last = await db.AuditEntries.Where(entry => entry.Action == AuditAction.Setting && entry.Subject == subject)
            .OrderByDescending(entry => entry.Sequence).Select(entry => new { entry.Actor, entry.At }).FirstOrDefaultAsync(cancellation);
        return new(last?.Actor, last?.At, values);
    }
}

public sealed record ComparedValue(string Label, string? Saved, string? Typed)
{
    public bool Differs => (Saved ?? "") != (Typed ?? "");
}

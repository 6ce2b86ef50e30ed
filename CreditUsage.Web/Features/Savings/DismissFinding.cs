using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Reports;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Savings;

public sealed class DismissFinding(CreditUsageDb db, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    private const int MaxMessageCharacters = 1000;

    /// <summary>Returns what is wrong with the reason; null when done. A finding that was dismissed before stays unchanged.</summary>
    public async Task<Problem?> RunAsync(SavingsFinding finding, string? typed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(finding);
        if (!RecordedName.TryNormalise(typed ?? "", out var reason, out var fault)) return new("reason", $"The reason {fault}.");
        if (reason.Length == 0) return new("reason", "Enter a reason.");
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.DismissedFindings.AnyAsync(known => known.Finding == finding.Key && known.RestoredAt == null, cancellation)) return null;
        db.Add(New(finding, reason));
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Setting, "Money found", $"Dismissed {finding.Key}, {Display.Pounds(finding.Pence)}", cancellation);
        await transaction.CommitAsync(cancellation);
        return null;
    }

    public async Task<bool> RestoreAsync(int id, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.DismissedFindings.SingleOrDefaultAsync(known => known.Id == id && known.RestoredAt == null, cancellation) is not { } finding) return false;
        (finding.RestoredAt, finding.RestoredBy) = (clock.GetUtcNow(), current.Actor);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Setting, "Money found", $"Restored {await AuditedAsync(finding.Finding, cancellation)}", cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>The key of today: before programs went by row, it had a program's name.</summary>
    private async Task<string> AuditedAsync(string key, CancellationToken cancellation)
    {
        var start = $"{SavingsFindingKind.UnusedByProgram.Code()}:";
        if (!key.StartsWith(start, StringComparison.Ordinal)) return key;
        var subject = key[start.Length..];
        if (ProgramKey.RowOf(subject) is { } row && await db.Programs.AnyAsync(program => program.Id == row, cancellation)) return key;
        return start + (await db.Programs.Where(program => program.Name == subject).Select(program => (int?)program.Id).SingleOrDefaultAsync(cancellation) is { } known ? ProgramKey.Of(known) : "unknown");
    }

    private DismissedFinding New(SavingsFinding finding, string reason)
    {
        var message = $"{finding.Kind.Heading()}: {finding.About}. {finding.Message} {Display.Pounds(finding.Pence)}";
        return new()
        {
            SubscriptionId = db.RequireSubscriptionId(),
            Finding = finding.Key,
            Message = message.Length <= MaxMessageCharacters ? message : message[..MaxMessageCharacters],
            Reason = reason,
            DismissedBy = current.Actor,
            DismissedAt = clock.GetUtcNow(),
        };
    }
}

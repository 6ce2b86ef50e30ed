using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Credits;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

/// <summary>Keeps a figure that ONE showed, and what was found. A proof is never edited.</summary>
public sealed class RecordBalanceProof(CreditUsageDb db, CurrentSubscription current, ExplainBalance explain, AuditLog audit, TimeProvider clock)
{
    /// <summary>The same figure with the same finding is kept once, so a form sent twice has one effect.</summary>
    public async Task<BalanceProof> RunAsync(DateTimeOffset shownAt, long shownCredits, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var explanation = await explain.RunAsync(shownAt, shownCredits, cancellation);
        var proof = ProofOf(explanation);
        if (await db.BalanceProofs.AsNoTracking().Where(other => other.ShownAt == shownAt && other.ShownCredits == shownCredits && other.LedgerCredits == proof.LedgerCredits && other.Finding == proof.Finding && other.RecordedBy == proof.RecordedBy)
            .OrderBy(other => other.Id).FirstOrDefaultAsync(cancellation) is { } same) return same;
        db.Add(proof);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Proof, $"Balance of {Display.Moment(shownAt)}", $"ONE shows {Display.Number(shownCredits)}, the ledger {Display.Number(proof.LedgerCredits)}. {proof.Finding}", cancellation);
        await transaction.CommitAsync(cancellation);
        return proof;
    }

    private BalanceProof ProofOf(BalanceExplanation explanation) => new()
    {
        SubscriptionId = db.RequireSubscriptionId(),
        ShownAt = explanation.ShownAt,
        ShownCredits = explanation.ShownCredits,
        LedgerCredits = explanation.LedgerCredits,
        ExplainedCredits = explanation.Explained,
        Finding = explanation.Finding,
        RecordedAt = clock.GetUtcNow(),
        RecordedBy = current.Actor,
    };
}

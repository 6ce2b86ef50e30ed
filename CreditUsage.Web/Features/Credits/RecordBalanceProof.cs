using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Credits;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

/// <summary>Saves a balance that ONE showed and the explanation. A proof is never edited.</summary>
public sealed class RecordBalanceProof(CreditUsageDb db, CurrentSubscription current, ExplainBalance explain, AuditLog audit, TimeProvider clock)
{
    /// <summary>Saves the same figure with the same finding only once, so a repeated form has one effect.</summary>
    public async Task<BalanceProof> RunAsync(DateTimeOffset shownAt, long shownCredits, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
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

public sealed record ProofInput
{
    private const long MaxCredits = 1_000_000_000_000;

    public string? Day { get; init; }

    public string? Time { get; init; }

    public string? Credits { get; init; }

    public static ProofInput At(DateTimeOffset now) => new()
    {
        Day = now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Time = now.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture),
    };

    /// <summary>A minute means its start; the current minute means now.</summary>
    public (DateTimeOffset At, long Credits)? Validate(DateOnly startsOn, DateTimeOffset now, out IReadOnlyList<Problem> faults)
    {
        var found = new List<Problem>();
        var (day, time, credits) = (LedgerFields.Day(Day), LedgerFields.Time(Time), LedgerFields.Whole(Credits, -MaxCredits, MaxCredits));
        if (day is null || day < startsOn) found.Add(new("day", $"Enter the day you read the figure in ONE, from {Display.Day(startsOn)} on."));
        if (time is null) found.Add(new("time", "Enter the time in GMT as hours and minutes, such as 09:30."));
        if (credits is null) found.Add(new("credits", "Enter the Available figure as a whole number, such as 1,250."));
        var at = new DateTimeOffset(day ?? startsOn, time ?? TimeOnly.MinValue, TimeSpan.Zero);
        if (found.Count == 0 && at > now) found.Add(new("day", $"That time is in the future. Enter one up to {Display.Moment(now)}."));
        faults = found;
        return found.Count > 0 ? null : (now - at < TimeSpan.FromMinutes(1) ? now : at, credits!.Value);
    }
}

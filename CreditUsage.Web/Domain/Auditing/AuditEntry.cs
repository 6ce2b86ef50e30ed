using CreditUsage.Data.Auditing;

namespace CreditUsage.Domain.Auditing;

/// <summary>Something that somebody did. Appended, never changed: each entry's hash covers the one before (<see cref="AuditChain"/>).</summary>
public sealed class AuditEntry : IOwnedBySubscription
{
    public long Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>1 for the subscription's first, without a gap.</summary>
    public required long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Who: an e-mail address, a key's name, a verb, or the site itself.</summary>
    public required string Actor { get; init; }

    public required AuditAction Action { get; init; }

    /// <summary>What it was done to, such as "October 2026". No client is named.</summary>
    public required string Subject { get; init; }

    /// <summary>The particulars, in words.</summary>
    public required string Detail { get; init; }

    /// <summary>The hash of the entry before, lower-case hexadecimal; empty for the first.</summary>
    public required string PreviousHash { get; init; }

    public required string Hash { get; init; }
}

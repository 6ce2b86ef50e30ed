using CreditUsage.Domain.Months;

namespace CreditUsage.Domain.Credits;

/// <summary>
/// A movement of credits that is not usage. Usage events are the ledger's other entries. Appended, never edited: a mistake is put
/// right by a <see cref="LedgerEntryKind.Correction"/> (domain.md rule 7).
/// </summary>
public sealed class LedgerEntry : IOwnedBySubscription
{
    public long Id { get; init; }

    public int SubscriptionId { get; init; }

    public required LedgerEntryKind Kind { get; init; }

    /// <summary>The day it counts from, in UTC.</summary>
    public required DateOnly ServiceDate { get; init; }

    /// <summary>The month whose statement shows it: its own, or the next open one where its own was closed before (domain.md rule 8).</summary>
    public required UsageMonth ReportMonth { get; init; }

    /// <summary>When the balance changed.</summary>
    public required DateTimeOffset PostedAt { get; init; }

    /// <summary>Signed: what the balance rises by.</summary>
    public required int Credits { get; init; }

    /// <summary>Credits in a pack, of a purchase.</summary>
    public int? PackSize { get; init; }

    /// <summary>Pence paid, VAT included, of a purchase; negative where a correction takes one back.</summary>
    public long? PaidPence { get; init; }

    /// <summary>Pence of VAT within <see cref="PaidPence"/>.</summary>
    public long? VatPence { get; init; }

    public string? InvoiceNumber { get; init; }

    /// <summary>Why, of an adjustment or a correction; a note otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>The entry that a correction takes back.</summary>
    public long? CorrectsId { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>Who recorded it, as they were called then.</summary>
    public required string RecordedBy { get; init; }
}

/// <summary>The kinds of ledger entry beside usage.</summary>
public enum LedgerEntryKind
{
    /// <summary>Credits that were bought.</summary>
    Purchase = 1,

    /// <summary>Credits that were given.</summary>
    Grant = 2,

    /// <summary>A difference put right, with its reason.</summary>
    Adjustment = 3,

    /// <summary>Takes another entry back.</summary>
    Correction = 4,
}

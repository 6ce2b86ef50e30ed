using CreditUsage.Domain.Months;

namespace CreditUsage.Domain.Credits;

/// <summary>A movement of credits that is not usage. Never edited: a <see cref="LedgerEntryKind.Correction"/> puts a mistake right (domain.md rule 7).</summary>
public sealed class LedgerEntry : IOwnedBySubscription
{
    public long Id { get; init; }

    public int SubscriptionId { get; init; }

    public required LedgerEntryKind Kind { get; init; }

    public required DateOnly ServiceDate { get; init; }

    /// <summary>Its own month, or the next open one where that was closed before (domain.md rule 8).</summary>
    public required UsageMonth ReportMonth { get; init; }

    public required DateTimeOffset PostedAt { get; init; }

    /// <summary>Signed: what the balance rises by.</summary>
    public required int Credits { get; init; }

    public int? PackSize { get; init; }

    /// <summary>VAT included; negative where a correction takes a purchase back.</summary>
    public long? PaidPence { get; init; }

    public long? VatPence { get; init; }

    public string? InvoiceNumber { get; init; }

    /// <summary>The reason of an adjustment or a correction; a note otherwise.</summary>
    public string? Reason { get; init; }

    public long? CorrectsId { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public required string RecordedBy { get; init; }
}

public enum LedgerEntryKind
{
    Purchase = 1,
    Grant = 2,
    Adjustment = 3,
    Correction = 4,
}

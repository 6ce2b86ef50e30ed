using CreditUsage.Core.Jobs;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.Months;

/// <summary>An event, correction or ledger entry that was recorded after its month was closed.</summary>
/// <param name="EventId">Null for a ledger entry.</param>
/// <param name="Pence">What the event cost, or what was paid.</param>
public sealed record LateChange(string? EventId, string What, DateOnly ServiceDate, int Credits, long? Pence, UsageMonth ReportMonth, DateTimeOffset RecordedAt, string RecordedBy)
{
    internal static LateChange Of(LateRow row) => new(
        row.OfLedger ? null : row.Name, row.OfLedger ? OfEntry(row) : OfUsage(row), row.ServiceDate, row.Credits, row.Pence, row.ReportMonth, row.RecordedAt, row.RecordedBy);

    private static string OfUsage(LateRow row)
    {
        var kind = ((UsageKind)row.Kind).Label();
        return row.Correction is null ? kind : $"{kind}, correction: {row.Correction}";
    }

    private static string OfEntry(LateRow row)
    {
        var kind = $"Ledger: {((LedgerEntryKind)row.Kind).ToString().ToLowerInvariant()}";
        return row.Name is null ? kind : $"{kind}, invoice {row.Name}";
    }
}

internal sealed class LateRow
{
    public bool OfLedger { get; init; }

    public long Id { get; init; }

    /// <summary>A <see cref="UsageKind"/>, or a <see cref="LedgerEntryKind"/> of the ledger.</summary>
    public int Kind { get; init; }

    /// <summary>The event's id, or the entry's invoice number.</summary>
    public string? Name { get; init; }

    /// <summary>Why usage was corrected; null for uncorrected usage and for entries.</summary>
    public string? Correction { get; init; }

    public DateOnly ServiceDate { get; init; }

    public UsageMonth ReportMonth { get; init; }

    public int Credits { get; init; }

    public long? Pence { get; init; }

    public DateTimeOffset RecordedAt { get; init; }

    public required string RecordedBy { get; init; }
}

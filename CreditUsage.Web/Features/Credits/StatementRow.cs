using CreditUsage.Core.Jobs;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Imports;

namespace CreditUsage.Features.Credits;

/// <summary>What moves the balance, in the order of a day and of the summary.</summary>
public enum StatementLine
{
    Purchases = 1,
    Grants = 2,
    Adjustments = 3,

    /// <summary>Ledger entries taken back.</summary>
    EntryCorrections = 4,
    Sessions = 5,
    TopUps = 6,

    /// <summary>Usage events put right.</summary>
    UsageCorrections = 7,
}

/// <summary>A movement of the balance.</summary>
/// <param name="Day">By the statement's basis.</param>
/// <param name="Credits">What the balance rises by; usage is negative.</param>
public sealed record StatementRow(DateOnly Day, StatementLine Line, string Details, long Credits)
{
    /// <summary>Credits in hand after it.</summary>
    public long Balance { get; init; }

    /// <summary>How many lines it takes on paper.</summary>
    public int Lines { get; init; } = 1;

    /// <summary>Whether its details have had their lines ended for paper.</summary>
    public bool Laid { get; init; }

    /// <summary>The ledger's entry that it shows; null for usage.</summary>
    public long? EntryId { get; init; }

    /// <summary>"Purchase", "Daily top-ups".</summary>
    public string LineShown => Line switch
    {
        StatementLine.Purchases => LedgerEntryKind.Purchase.Label(),
        StatementLine.Grants => LedgerEntryKind.Grant.Label(),
        StatementLine.Adjustments => LedgerEntryKind.Adjustment.Label(),
        StatementLine.EntryCorrections => LedgerEntryKind.Correction.Label(),
        StatementLine.Sessions => "Connected sessions",
        StatementLine.TopUps => "Daily top-ups",
        _ => "Correction of usage",
    };
}

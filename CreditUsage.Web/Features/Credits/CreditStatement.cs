using CreditUsage.Core;
using CreditUsage.Domain;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;

namespace CreditUsage.Features.Credits;

/// <summary>A month of the ledger: what was in hand, what came and went, what is left. Its closing balance is the next month's opening.</summary>
/// <param name="Opening">Credits in hand before the month.</param>
/// <param name="Rows">In order, each with the balance after it.</param>
/// <param name="AsAt">When the database was asked.</param>
public sealed record CreditStatement(Subscription Subscription, StatementFilter Filter, MonthState State, long Opening, IReadOnlyList<StatementRow> Rows, DateTimeOffset AsAt)
{
    private static readonly (StatementLine Line, string Label)[] Lines =
    [
        (StatementLine.Purchases, "Purchases"), (StatementLine.Grants, "Grants"), (StatementLine.Adjustments, "Adjustments"), (StatementLine.EntryCorrections, "Corrections of entries"),
        (StatementLine.Sessions, "Connected sessions"), (StatementLine.TopUps, "Daily top-ups"), (StatementLine.UsageCorrections, "Corrections of usage"),
    ];

    public long Closing { get; } = Rows.Count == 0 ? Opening : Rows[^1].Balance;

    /// <summary>What each kind of movement adds up to; together with the opening balance they make the closing one.</summary>
    public IReadOnlyList<(StatementLine Line, string Label, long Credits)> Totals { get; } =
        Lines.Select(line => (line.Line, line.Label, Rows.Where(row => row.Line == line.Line).Sum(row => row.Credits))).ToList();

    /// <summary>"October 2026", and its state where that is not simply open.</summary>
    public string MonthLabel => State is { IsClosed: false, InProgress: false } ? Filter.Month.Name : $"{Filter.Month.Name} ({State.Label})";

    public string Caption => $"Credit statement, {Filter.Month.Name} - {Filter.BasisLabel}";

    /// <summary>"Opening balance 120 credits, closing balance 94 credits".</summary>
    public string Sentence => $"Opening balance {Display.Count(Opening, "credit", "credits")}, closing balance {Display.Count(Closing, "credit", "credits")}";

    /// <summary>What the basis means, since the two differ at a month's edge.</summary>
    public string BasisSentence => Filter.Basis == StatementBasis.Service
        ? "By service date: a session counts on the day it started and a daily top-up on the day it was for, as in the usage report."
        : "By posting instant: credits count when the balance changed. The daily top-ups of a day fall at the 00:00 GMT after it, so those of a month's last day are in the next month.";
}

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
    public string LineLabel => Line switch
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

/// <summary>By which of its two dates a movement of credits is in a month (domain.md rule 2).</summary>
public enum StatementBasis
{
    /// <summary>By the day it was for: the top-ups of the 31st are in the month of the 31st, as in the usage report.</summary>
    Service = 1,

    /// <summary>By the instant the balance changed: the top-ups of the 31st fall on the 1st, as ONE deducts them.</summary>
    Posting = 2,
}

using CreditUsage.Core;
using CreditUsage.Domain;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;

namespace CreditUsage.Features.Credits;

/// <summary>A month of the ledger. Its closing balance is the next month's opening balance.</summary>
/// <param name="Rows">In order, each with the balance after it.</param>
public sealed record CreditStatement(Subscription Subscription, StatementFilter Filter, ClosedMonths Closed, long Opening, IReadOnlyList<StatementRow> Rows, DateTimeOffset AsAt)
{
    private static readonly (StatementLine Line, string Label)[] Lines =
    [
        (StatementLine.Purchases, "Purchases"), (StatementLine.Grants, "Grants"), (StatementLine.Adjustments, "Adjustments"), (StatementLine.EntryCorrections, "Corrections of entries"),
        (StatementLine.Sessions, "Connected sessions"), (StatementLine.TopUps, "Daily top-ups"), (StatementLine.UsageCorrections, "Corrections of usage"),
    ];

    /// <summary>How a closed month that the statement is of differs from what was kept of it; null where none does.</summary>
    public string? Difference { get; init; }

    public long Closing { get; } = Rows.Count == 0 ? Opening : Rows[^1].Balance;

    /// <summary>Totals by kind; with the opening balance they add up to the closing one.</summary>
    public IReadOnlyList<(StatementLine Line, string Label, long Credits)> Totals { get; } =
        Lines.Select(line => (line.Line, line.Label, Rows.Where(row => row.Line == line.Line).Sum(row => row.Credits))).ToList();

    public MonthState State => Closed.StateOf(Filter.Month, AsAt);

    public string MonthLabel => State is { IsClosed: false, InProgress: false } ? Filter.Month.Name : $"{Filter.Month.Name} ({State.Label})";

    public string Caption => $"Credit statement, {Filter.Month.Name} - {Filter.BasisLabel}";

    public string Sentence => $"Opening balance {Display.Count(Opening, "credit", "credits")}, closing balance {Display.Count(Closing, "credit", "credits")}";

    public string BasisSentence => Filter.Basis == StatementBasis.Service
        ? "By service date: sessions count on the day they started, top-ups on the day they were for, as in the usage report."
        : "By date posted: credits count when the balance changed. Top-ups post at the next 00:00 GMT, so a month's last top-ups are in the next month.";
}

public enum StatementLine
{
    Purchases = 1,
    Grants = 2,
    Adjustments = 3,

    EntryCorrections = 4,
    Sessions = 5,
    TopUps = 6,

    UsageCorrections = 7,
}

/// <param name="Day">By the statement's basis.</param>
/// <param name="Credits">Added to the balance; negative for usage.</param>
public sealed record StatementRow(DateOnly Day, StatementLine Line, string Details, long Credits)
{
    public long Balance { get; init; }

    public int Lines { get; init; } = 1;

    /// <summary>Whether line breaks for paper have been inserted into the details.</summary>
    public bool Laid { get; init; }

    public long? EntryId { get; init; }

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

/// <summary>Which of its two dates puts a movement into a month (domain.md rule 2).</summary>
public enum StatementBasis
{
    /// <summary>By the day it was for: top-ups of the 31st are in that month, as in the usage report.</summary>
    Service = 1,

    /// <summary>By the instant the balance changed: top-ups of the 31st fall on the 1st, when ONE deducts them.</summary>
    Posting = 2,
}

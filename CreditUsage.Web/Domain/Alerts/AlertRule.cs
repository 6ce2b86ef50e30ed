using CreditUsage.Domain.Months;

namespace CreditUsage.Domain.Alerts;

public sealed class AlertRule : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required AlertKind Kind { get; init; }

    /// <summary>Credits for a balance, days for a forecast, pence for a spend.</summary>
    public required long Line { get; init; }

    /// <summary>The staff member's id or the program's name; null where the spend is not one of theirs.</summary>
    public string? Of { get; init; }

    /// <summary>Separated by commas; empty where only the page shows the alert.</summary>
    public required string Emails { get; init; }

    public required string SetBy { get; init; }

    public required DateTimeOffset SetAt { get; init; }

    public DateTimeOffset? RemovedAt { get; set; }

    public string? RemovedBy { get; set; }

    /// <summary>The state at the last evaluation: the rule fires only on the crossing.</summary>
    public bool Crossed { get; set; }
}

public enum AlertKind
{
    BalanceBelow = 1,
    RunsOutWithin = 2,
    MonthAbove = 3,
    StaffMonthAbove = 4,
    ProgramMonthAbove = 5,
}

public sealed class AlertFiring : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required int AlertRuleId { get; init; }

    public required DateTimeOffset FiredAt { get; init; }

    /// <summary>In the unit of the rule's line.</summary>
    public required long Figure { get; init; }

    public UsageMonth? Month { get; init; }

    public required string Message { get; init; }

    public DateTimeOffset? SeenAt { get; set; }

    public string? SeenBy { get; set; }

    public IList<AlertNotice> Notices { get; } = [];
}

/// <summary>One address that is told of a firing.</summary>
public sealed class AlertNotice : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public int AlertFiringId { get; init; }

    public required string Email { get; init; }

    public required AlertNoticeState State { get; set; }

    public int Attempts { get; set; }

    /// <summary>Null before the first attempt.</summary>
    public DateTimeOffset? AttemptedAt { get; set; }

    /// <summary>Null while it waits.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The mail server's answer to the last attempt, or what went wrong.</summary>
    public string? Outcome { get; set; }
}

/// <summary>The numbers are stored: they never change.</summary>
public enum AlertNoticeState
{
    Waiting = 1,
    Sent = 2,
    GivenUp = 3,

    /// <summary>The mail server had the mail and did not answer: it may arrive.</summary>
    NotKnown = 4,
}

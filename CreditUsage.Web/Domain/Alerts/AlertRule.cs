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

    /// <summary>Null until an e-mail was tried, and where none is sent.</summary>
    public string? Outcome { get; set; }

    public DateTimeOffset? SeenAt { get; set; }

    public string? SeenBy { get; set; }
}

using CreditUsage.Domain.Months;

namespace CreditUsage.Domain.Alerts;

/// <summary>A line that somebody wants to hear of when it is crossed.</summary>
public sealed class AlertRule : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required AlertKind Kind { get; init; }

    /// <summary>Credits for a balance, days for a forecast, pence for a spend.</summary>
    public required long Line { get; init; }

    /// <summary>The staff member's own id or the program's name, where the spend is one of theirs.</summary>
    public string? Of { get; init; }

    /// <summary>Who is told by e-mail, addresses with commas; empty where the page alone tells.</summary>
    public required string Emails { get; init; }

    public required string SetBy { get; init; }

    public required DateTimeOffset SetAt { get; init; }

    /// <summary>Absent while it is watched.</summary>
    public DateTimeOffset? RemovedAt { get; set; }

    public string? RemovedBy { get; set; }

    /// <summary>Whether the line was crossed when it was last looked at: it fires on the crossing alone.</summary>
    public bool Crossed { get; set; }
}

/// <summary>What an alert watches.</summary>
public enum AlertKind
{
    /// <summary>Credits in hand fall below a line.</summary>
    BalanceBelow = 1,

    /// <summary>Credits run out within a line of days.</summary>
    RunsOutWithin = 2,

    /// <summary>A month costs more than a budget.</summary>
    MonthAbove = 3,

    /// <summary>A staff member's month costs more than a budget.</summary>
    StaffMonthAbove = 4,

    /// <summary>A program's month costs more than a budget.</summary>
    ProgramMonthAbove = 5,
}

/// <summary>A line that was crossed.</summary>
public sealed class AlertFiring : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required int AlertRuleId { get; init; }

    public required DateTimeOffset FiredAt { get; init; }

    /// <summary>The figure on the far side of the line, in the line's unit.</summary>
    public required long Figure { get; init; }

    /// <summary>The month whose spend it is; absent for a balance or a forecast.</summary>
    public UsageMonth? Month { get; init; }

    /// <summary>The sentence on page and in the e-mail.</summary>
    public required string Message { get; init; }

    /// <summary>What came of the e-mail; absent until it was tried, and where nobody is told by one.</summary>
    public string? Outcome { get; set; }

    /// <summary>When somebody said that they had seen it.</summary>
    public DateTimeOffset? SeenAt { get; set; }

    public string? SeenBy { get; set; }
}

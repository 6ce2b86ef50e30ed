using CreditUsage.Domain.Months;

namespace CreditUsage.Domain.Alerts;

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
    public required string Said { get; init; }

    /// <summary>What came of the e-mail; absent until it was tried, and where nobody is told by one.</summary>
    public string? Outcome { get; set; }

    /// <summary>When somebody said that they had seen it.</summary>
    public DateTimeOffset? SeenAt { get; set; }

    public string? SeenBy { get; set; }
}

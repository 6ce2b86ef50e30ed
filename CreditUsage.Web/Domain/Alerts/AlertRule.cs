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

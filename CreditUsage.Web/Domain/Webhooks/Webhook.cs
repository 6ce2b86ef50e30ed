namespace CreditUsage.Domain.Webhooks;

/// <summary>An address of another system that is told what happens here (the Standard Webhooks specification).</summary>
public sealed class WebhookEndpoint : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required string Url { get; init; }

    /// <summary>Names of <see cref="WebhookEvents"/>, separated by commas.</summary>
    public required string Events { get; set; }

    /// <summary>Encrypted by the site's keys.</summary>
    public required string Secret { get; set; }

    /// <summary>The secret before the last rotation, encrypted; messages are signed by both until <see cref="FormerUntil"/>.</summary>
    public string? FormerSecret { get; set; }

    public DateTimeOffset? FormerUntil { get; set; }

    public required string AddedBy { get; init; }

    public required DateTimeOffset AddedAt { get; init; }

    /// <summary>When it was removed, or answered that it is gone (410); nothing is sent then.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>What happened, for one endpoint. It is delivered at least once: its id lets the receiver tell a repeated one.</summary>
public sealed class WebhookMessage : IOwnedBySubscription
{
    public Guid Id { get; init; }

    public int SubscriptionId { get; init; }

    public int EndpointId { get; init; }

    public required string Event { get; init; }

    /// <summary>The JSON that is sent.</summary>
    public required string Body { get; init; }

    public required DateTimeOffset At { get; init; }

    public required WebhookState State { get; set; }

    public int Attempts { get; set; }

    /// <summary>While it is being sent, when another may begin: a process that was killed does not keep it. Null once it is over.</summary>
    public DateTimeOffset? NextAttemptAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>The numbers are stored: they never change.</summary>
public enum WebhookState
{
    Waiting = 1,
    Delivered = 2,
    GivenUp = 3,
}

public sealed class WebhookAttempt : IOwnedBySubscription
{
    public long Id { get; init; }

    public int SubscriptionId { get; init; }

    public Guid MessageId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Of HTTP; null where there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>A sentence.</summary>
    public required string Outcome { get; init; }
}

public static class WebhookEvents
{
    public const string MonthClosed = "month.closed";
    public const string MonthReopened = "month.reopened";
    public const string ReportSaved = "report.saved";
    public const string BalanceLow = "balance.low";
    public const string AlertFired = "alert.fired";
    public const string ImportStored = "import.stored";

    public static IReadOnlyList<string> All { get; } = [MonthClosed, MonthReopened, ReportSaved, BalanceLow, AlertFired, ImportStored];

    public static IReadOnlyList<string> Split(string events) => events?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
}

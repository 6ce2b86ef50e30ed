namespace CreditUsage.Domain.Deliveries;

/// <summary>Where a delivery stands. The numbers are stored: they never change.</summary>
public enum DeliveryState
{
    Waiting = 1,
    Sent = 2,
    GivenUp = 3,

    /// <summary>The mail server had the mail and did not say whether it took it, or the site was stopped before it could: it may arrive.</summary>
    NotKnown = 4,
}

using CreditUsage.Domain.Deliveries;

namespace CreditUsage.Features.Deliveries;

/// <summary>What the page shows.</summary>
/// <param name="Schedule">Null until somebody has set it.</param>
/// <param name="Missing">The settings without which nothing is sent.</param>
/// <param name="Next">What comes next, as a sentence; null while nothing is sent.</param>
/// <param name="Waits">Why months that are due are not sent yet, each a sentence.</param>
/// <param name="Log">The latest first.</param>
/// <param name="Tests">The latest first.</param>
public sealed record DeliveriesShown(
    DeliverySchedule? Schedule, IReadOnlyList<DeliveryRecipient> People, IReadOnlyList<string> Missing, string? Next,
    IReadOnlyList<string> Waits, IReadOnlyList<DeliveryLine> Log, IReadOnlyList<DeliveryAttempt> Tests);

/// <summary>A delivery and its tries, the earliest first.</summary>
public sealed record DeliveryLine(Delivery Delivery, IReadOnlyList<DeliveryAttempt> Tries);

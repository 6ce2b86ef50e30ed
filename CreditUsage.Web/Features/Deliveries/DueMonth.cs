using CreditUsage.Domain.Deliveries;
using CreditUsage.Domain.Months;

namespace CreditUsage.Features.Deliveries;

/// <summary>A month whose day and hour have come.</summary>
/// <param name="Version">The version that it is closed as; null while it is not.</param>
/// <param name="Lacking">Those who have no delivery of it yet and are to get one.</param>
/// <param name="Waits">Why it is not sent yet, as a sentence; null where nothing stands against it.</param>
public sealed record DueMonth(UsageMonth Month, DateTimeOffset DueAt, int? Version, IReadOnlyList<DeliveryRecipient> Lacking, string? Waits);

namespace CreditUsage.Features.Deliveries;

/// <summary>What was sent, as a table.</summary>
/// <param name="MayTryAgain">Whether the reader may take up what was given up.</param>
public sealed record DeliveryLog(IReadOnlyList<DeliveryLine> Lines, bool MayTryAgain);

namespace CreditUsage.Core.Jobs;

/// <summary>A report that waits its turn.</summary>
public sealed record QueuedReport(Guid Id, int SubscriptionId, DateTimeOffset RequestedAt);

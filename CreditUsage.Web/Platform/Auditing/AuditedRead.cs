using CreditUsage.Domain.Auditing;

namespace CreditUsage.Platform.Auditing;

/// <summary>Something that somebody looked at, waiting to be written into the audit of their subscription.</summary>
internal sealed record AuditedRead(int SubscriptionId, string Actor, DateTimeOffset At, AuditAction Action, string Subject, string Detail);

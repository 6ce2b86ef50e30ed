using CreditUsage.Domain;

namespace CreditUsage.Features.UsageReport;

/// <summary>What a correction puts right.</summary>
/// <param name="EventId">The event that it points at.</param>
public sealed record UsageCorrection(CorrectionKind Kind, string EventId, string Reason);

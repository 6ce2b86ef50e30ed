using CreditUsage.Core.Report;

namespace CreditUsage.Features.CheckRows;

/// <summary>A row that does not come to what its minutes and the prices make it, and why.</summary>
/// <param name="Why">A sentence.</param>
public sealed record VerifiedRow(UsageRow Row, string Why);

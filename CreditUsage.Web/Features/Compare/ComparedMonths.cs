using CreditUsage.Core.Report;

namespace CreditUsage.Features.Compare;

/// <summary>Two months, held against each other. The groups' figures add up to the total's.</summary>
/// <param name="Groups">The largest difference first.</param>
public sealed record ComparedMonths(CreditUsageReport Before, CreditUsageReport Now, ComparedUsage Total, IReadOnlyList<ComparedUsage> Groups);

namespace CreditUsage.Features.UsageReport.Compare;

/// <summary>Two months, held against each other. The groups' figures add up to the total's.</summary>
/// <param name="Groups">The largest difference first.</param>
public sealed record ComparedMonths(CreditUsageReport Before, CreditUsageReport Now, ComparedUsage Total, IReadOnlyList<ComparedUsage> Groups);

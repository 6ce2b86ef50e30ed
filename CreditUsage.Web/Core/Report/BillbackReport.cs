using CreditUsage.Core.Jobs;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Credits;
using CreditUsage.Features.Imports;

namespace CreditUsage.Core.Report;

/// <summary>A month, shared out. The groups' totals add up to the report's.</summary>
public sealed record BillbackReport(CreditUsageReport Report, BillbackBy By, IReadOnlyList<BillbackGroup> Groups)
{
    /// <summary>"Billback by staff member, October 2026 - connected sessions and daily top-ups".</summary>
    public string Caption => $"Billback by {By.Label().ToLowerInvariant()}, {Report.Filter.Month.Name} - {Report.Filter.Included}";
}

using CreditUsage.Core.Report;
using CreditUsage.Domain.Reports;

namespace CreditUsage.Features.Savings;

/// <summary>What was found in a month, without what has been dismissed.</summary>
/// <param name="Filter">The whole month, as the report has it.</param>
/// <param name="Days">How long without a session is idle.</param>
/// <param name="Dismissed">Of any month, the latest first.</param>
public sealed record MoneyFoundReport(UsageReportFilter Filter, int Days, IReadOnlyList<MoneyFinding> Findings, IReadOnlyList<DeviceStrip> Strips, IReadOnlyList<DismissedFinding> Dismissed)
{
    public IReadOnlyList<MoneyFinding> Of(MoneyFindingKind kind) => [.. Findings.Where(finding => finding.Kind == kind)];

    /// <summary>Pence of a list; null where one of it has no price.</summary>
    public long? TotalOf(MoneyFindingKind kind) => Of(kind).Aggregate((long?)0, (sum, finding) => sum + finding.Pence);
}

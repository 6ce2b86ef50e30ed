using CreditUsage.Core.Report;
using CreditUsage.Domain.Reports;

namespace CreditUsage.Features.Pack;

/// <summary>What a pack is made of.</summary>
/// <param name="Report">The month, whose snapshot is open.</param>
/// <param name="Sha256">Of its rows and totals, as saved reports have it.</param>
/// <param name="Kept">The saved report that shows it already; null where its PDF has to be made.</param>
/// <param name="MadeBy">An e-mail address.</param>
/// <param name="MayAudit">Whether they may read the audit.</param>
internal sealed record PackContent(CreditUsageReport Report, string Sha256, SavedReport? Kept, string MadeBy, bool MayAudit)
{
    public UsageReportFilter Filter => Report.Filter;

    /// <summary>An accountant's copy names no client, and the audit might.</summary>
    public bool Audited => MayAudit && !Filter.ForAccountant;
}

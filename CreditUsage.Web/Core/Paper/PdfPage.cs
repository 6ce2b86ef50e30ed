using CreditUsage.Core.Report;

namespace CreditUsage.Core.Paper;

/// <summary>What is on one page.</summary>
/// <param name="Rows">In order; a group's heading stands above its first and above the first of a page, its subtotal below its last.</param>
/// <param name="Subtotals">The groups that are shown by their subtotals alone.</param>
public sealed record PdfPage(IReadOnlyList<UsageRow> Rows, IReadOnlyList<UsageGroup> Subtotals)
{
    /// <summary>Rows of one group that follow each other; all where they are not grouped.</summary>
    public IEnumerable<IReadOnlyList<UsageRow>> Runs => Rows.GroupBy(row => row.Group?.Number ?? 0).Select(run => (IReadOnlyList<UsageRow>)[.. run]);
}

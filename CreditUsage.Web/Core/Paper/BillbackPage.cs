using CreditUsage.Core.Report;

namespace CreditUsage.Core.Paper;

/// <summary>One page of a billback: lines of the summary, or rows of one group.</summary>
/// <param name="Summary">The groups whose totals it lists; empty on a group's page.</param>
/// <param name="Group">Null on the summary's pages.</param>
/// <param name="Rows">The group's rows that are on it.</param>
/// <param name="Ends">The last page of the summary, or of the group: its total stands below.</param>
public sealed record BillbackPage(IReadOnlyList<BillbackGroup> Summary, BillbackGroup? Group, IReadOnlyList<UsageRow> Rows, bool Ends);

using CreditUsage.Domain.Usage;

namespace CreditUsage.Core.Report;

/// <summary>What one of those who are billed has to answer for.</summary>
/// <param name="Title">The name as the month's last row has it, or what stands for nobody.</param>
/// <param name="Rows">In the report's order.</param>
public sealed record BillbackGroup(string Title, bool IsNobody, IReadOnlyList<UsageRow> Rows)
{
    public UsageTotal Total { get; } = Rows.Aggregate(UsageTotal.Nothing, (total, row) => total + Of(row));

    private static UsageTotal Of(UsageRow row) => new(
        row.Correction is null ? 1 : 0, row.Correction is null ? 0 : 1, row.DurationMinutes ?? 0, DeviceDays(row), row.Credits, row.CostPence ?? 0, row.CostPence is null ? 1 : 0);

    private static int DeviceDays(UsageRow row) => (row.Kind, row.Correction?.Kind) switch
    {
        (not UsageKind.DailyTopUp, _) or (_, CorrectionKind.Adjustment) => 0,
        (_, null) => 1,
        _ => -1,
    };
}

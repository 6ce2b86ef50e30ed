using CreditUsage.Domain.Usage;

namespace CreditUsage.Core.Report;

/// <summary>Rows for page or paper.</summary>
/// <param name="Linked">Whether a row's date leads to its event: on screen, where a link can be followed.</param>
public sealed record UsageRows(IReadOnlyList<UsageRow> Rows, bool Linked, UsageColumns Columns = default)
{
    /// <summary>What a row shows in a column.</summary>
    public static string Text(UsageRow row, UsageColumn column)
    {
        ArgumentNullException.ThrowIfNull(row);
        return column switch
        {
            UsageColumn.Date => Display.Day(row.ServiceDate),
            UsageColumn.Kind => row.KindLaid ?? row.KindShown,
            UsageColumn.Staff => row.Staff,
            UsageColumn.Client => row.ClientShown,
            UsageColumn.Program => row.Program,
            UsageColumn.Duration => row.DurationShown,
            UsageColumn.Credits => Display.Number(row.Credits),
            _ => Display.Pounds(row.CostPence),
        };
    }
}

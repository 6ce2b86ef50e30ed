using CreditUsage.Domain.Months;

namespace CreditUsage.Core.Report.Charts;

/// <summary>Device-days by device and month.</summary>
/// <param name="Rows">The devices, by their ids.</param>
public sealed record HeatMap(IReadOnlyList<UsageMonth> Months, IReadOnlyList<HeatMapRow> Rows)
{
    public const int LabelWidth = 270;
    public const int CellWidth = 25;
    public const int CellHeight = 20;

    public int Width => LabelWidth + (Months.Count * CellWidth);

    public int Height => (Rows.Count + 1) * CellHeight;

    public string Description => Rows.Count == 0 ? "There is nothing to draw."
        : $"{Rows.Count} devices in {Months.Count} months; each cell has the number of days that were charged, the darker the more. {Rows.MaxBy(row => row.Days.Sum())!.Title} has the most days.";

    /// <summary>In fifths of a month of 31 days, at least one where there is any.</summary>
    public static int Shade(int days) => days <= 0 ? 0 : Math.Clamp(((days * 5) + 30) / 31, 1, 5);
}

/// <param name="Days">Charged days of each month.</param>
public sealed record HeatMapRow(string Title, string Address, IReadOnlyList<int> Days);

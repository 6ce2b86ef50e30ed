using CreditUsage.Domain.Months;

namespace CreditUsage.Core.Report.Charts;

public sealed record HeatMap(IReadOnlyList<UsageMonth> Months, IReadOnlyList<HeatMapRow> Rows)
{
    public const int LabelWidth = 270;
    public const int CellWidth = 25;
    public const int CellHeight = 20;

    public int Width => LabelWidth + (Months.Count * CellWidth);

    public int Height => (Rows.Count + 1) * CellHeight;

    public string Description => Rows.Count == 0 ? "No data to show."
        : $"{Rows.Count} devices in {Months.Count} months; each cell has the number of days that were charged, the darker the more. {Rows.MaxBy(row => row.Days.Sum())!.Title} has the most days.";

    /// <summary>From 0 to 5: fifths of a month of 31 days, at least 1 for any day.</summary>
    public static int Shade(int days) => days <= 0 ? 0 : Math.Clamp(((days * 5) + 30) / 31, 1, 5);
}

public sealed record HeatMapRow(string Title, string Address, IReadOnlyList<int> Days);

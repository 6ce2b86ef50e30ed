using CreditUsage.Domain.Months;

namespace CreditUsage.Core.Report.Charts;

/// <summary>The days charged of each device and month, the newest month last.</summary>
public sealed record HeatMap(IReadOnlyList<UsageMonth> Months, IReadOnlyList<HeatMapRow> Rows)
{
    public UsageMonth Newest => Months[^1];

    public IReadOnlyList<HeatMapRow> Running => [.. Rows.Where(row => row.Days[^1] != 0)];

    /// <summary>Devices without a charge in the newest month.</summary>
    public IReadOnlyList<HeatMapRow> Ended => [.. Rows.Where(row => row.Days[^1] == 0)];

    /// <summary>From 0 to 5: fifths of a month of 31 days, at least 1 for any day.</summary>
    public static int Shade(int days) => days <= 0 ? 0 : Math.Clamp(((days * 5) + 30) / 31, 1, 5);

    internal static HeatMap Of(ReportFilter filter, IReadOnlyList<UsageMonth> months, NameDictionary names, IEnumerable<DeviceMonth> sums) => new(
        months, [.. sums.Where(sum => sum.DeviceId is not null).GroupBy(sum => names.Of(NameKind.Device, sum.DeviceId)!.Owner, StringComparer.Ordinal).OrderBy(device => device.Key, StringComparer.Ordinal)
            .Select(device => new HeatMapRow(
                NameDictionary.Title(NameKind.Device, names.Of(NameKind.Device, device.Max(sum => sum.DeviceId))!), $"/usage-report{(filter with { Rows = filter.Rows with { Device = [device.Key] } }).Query()}",
                [.. months.Select(month => device.Where(sum => sum.Month == month).Sum(sum => sum.Total.DeviceDays))]))]);
}

public sealed record HeatMapRow(string Title, string Address, IReadOnlyList<int> Days);

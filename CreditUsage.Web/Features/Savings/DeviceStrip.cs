using CreditUsage.Core.Report;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.Savings;

/// <summary>A device that was charged in the month, or whose schedule runs in it.</summary>
/// <param name="DeviceId">Ten digits.</param>
/// <param name="Note">As it was last; may be empty.</param>
/// <param name="Owner">The own id of the client who has it last; null for a shared card.</param>
/// <param name="Client">The client's name.</param>
/// <param name="Rows">What the month charged for it, corrections included.</param>
/// <param name="Schedules">All that it has, of any month.</param>
internal sealed record DeviceInMonth(string DeviceId, string Note, string? Owner, string? Client, IReadOnlyList<UsageRow> Rows, IReadOnlyList<TopUpSchedule> Schedules)
{
    public long Number => long.Parse(DeviceId, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>"1306158990 Zofia Owen #1".</summary>
    public string Shown => $"{DeviceId} {Note}".TrimEnd();

    /// <summary>In the order of their ids.</summary>
    public static IReadOnlyList<DeviceInMonth> Of(MonthUsage usage, IReadOnlyList<TopUpSchedule> schedules)
    {
        var charged = usage.TopUps.ToLookup(row => row.DeviceId!, StringComparer.Ordinal);
        var scheduled = schedules.ToLookup(schedule => schedule.DeviceId, StringComparer.Ordinal);
        var running = schedules.Where(schedule => schedule.FirstDay < usage.Month.End && schedule.LastDay >= usage.Month.Start).Select(schedule => schedule.DeviceId);
        return charged.Select(device => device.Key).Union(running, StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(id => One(usage, id, [.. charged[id]], [.. scheduled[id].OrderBy(schedule => schedule.FirstDay)])).ToList();
    }

    public bool RunsOn(DateOnly day) => Schedules.Any(schedule => schedule.FirstDay <= day && day <= schedule.LastDay);

    /// <summary>What rows come to; null where one of them has no price.</summary>
    public static long? PenceOf(IEnumerable<UsageRow> rows) => rows.Aggregate((long?)0, (sum, row) => sum + row.CostPence);

    private static DeviceInMonth One(MonthUsage usage, string id, IReadOnlyList<UsageRow> rows, IReadOnlyList<TopUpSchedule> schedules)
    {
        if ((rows.LastOrDefault(row => row.Correction is null) ?? (rows.Count > 0 ? rows[^1] : null)) is { } last)
            return new(id, last.IdentityNote ?? "", usage.ClientOf(last.ClientId), last.Client, rows, schedules);
        var schedule = schedules[^1];
        return new(id, schedule.IdentityNote, schedule.ClientId, schedule.ClientName, rows, schedules);
    }
}

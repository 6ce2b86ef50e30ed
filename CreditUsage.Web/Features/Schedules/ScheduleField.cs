using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.Schedules;

/// <param name="Name">One of <see cref="ScheduleInput.Fields"/>; also its id on the page.</param>
/// <param name="List">The id of the list of what is known; null for none.</param>
public sealed record ScheduleField(string Name, string Value, IReadOnlyList<UsageFault> Faults, string? Hint = null, string Type = "text", string? List = null)
{
    private static readonly Dictionary<string, string> Labels = new()
    {
        ["device_id"] = "Device id",
        ["program"] = "Program",
        ["client_id"] = "Client id",
        ["client_name"] = "Client name",
        ["identity_note"] = "Identity note",
        ["staff_id"] = "Staff id",
        ["staff_name"] = "Staff name",
        ["first_day"] = "First day",
        ["last_day"] = "Last day",
        ["from"] = "From",
    };

    public string Label => LabelOf(Name);

    public UsageFault? Fault => Faults.FirstOrDefault(fault => fault.Field == Name);

    public string? DescribedBy
    {
        get
        {
            var ids = string.Join(' ', new[] { Hint is null ? null : $"{Name}-hint", Fault is null ? null : $"{Name}-fault" }.Where(id => id is not null));
            return ids.Length == 0 ? null : ids;
        }
    }

    public static string LabelOf(string field) => Labels[field];
}

/// <summary>How messages and the audit describe schedules, without naming a client.</summary>
internal static class ScheduleLabels
{
    public static string Device(TopUpSchedule schedule) => $"Device {schedule.DeviceId}";

    /// <summary>"1 October 2026", which nobody reads as 10 January.</summary>
    public static string Day(DateOnly day) => day.ToString("d MMMM yyyy", Display.British);

    /// <summary>ISO 8601; empty for none.</summary>
    public static string Iso(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    public static DateOnly? ParseDay(string? text) =>
        DateOnly.TryParseExact(text?.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    public static string Days(TopUpSchedule schedule) => schedule.HasLastDay ? $"from {Day(schedule.FirstDay)} to {Day(schedule.LastDay)}" : $"from {Day(schedule.FirstDay)} on";

    /// <summary>ISO 8601; empty where there is none.</summary>
    public static string IsoLast(TopUpSchedule schedule) => schedule.HasLastDay ? Iso(schedule.LastDay) : "";

    public static string Client(TopUpSchedule schedule) => schedule.ClientId is null ? "no client" : "a client";
}

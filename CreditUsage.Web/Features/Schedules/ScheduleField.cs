using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.Schedules;

/// <summary>One field of a form about a schedule, as it was left and with what is wrong with it.</summary>
/// <param name="Name">One of <see cref="ScheduleInput.Fields"/>; also its id on the page.</param>
public sealed record ScheduleField(string Name, string Value, IReadOnlyList<UsageFault> Faults, string? Hint = null, string Type = "text")
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

    /// <summary>The hint and the fault, where they are there.</summary>
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

/// <summary>How schedules are spoken of in messages and in the audit, where no client is named.</summary>
internal static class ScheduleLabels
{
    /// <summary>"Device 1306158990".</summary>
    public static string Device(TopUpSchedule schedule) => $"Device {schedule.DeviceId}";

    /// <summary>"1 October 2026", which nobody reads as 10 January.</summary>
    public static string Day(DateOnly day) => day.ToString("d MMMM yyyy", Display.British);

    /// <summary>As forms and calls write a day, "2026-10-01"; empty for none.</summary>
    public static string Iso(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    public static DateOnly? ParseDay(string? text) =>
        DateOnly.TryParseExact(text?.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    /// <summary>"from 1 October 2026 to 31 December 2026".</summary>
    public static string Days(TopUpSchedule schedule) => $"from {Day(schedule.FirstDay)} to {Day(schedule.LastDay)}";

    /// <summary>"client C12" or "no client".</summary>
    public static string Client(TopUpSchedule schedule) => schedule.ClientId is { } client ? $"client {client}" : "no client";
}

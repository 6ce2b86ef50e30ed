using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.Schedules;

/// <summary>How schedules are spoken of in messages and in the audit, where no client is named.</summary>
internal static class Words
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
    public static string Whom(TopUpSchedule schedule) => schedule.ClientId is { } client ? $"client {client}" : "no client";
}

using System.ComponentModel;
using System.Text.Json.Serialization;
using CreditUsage.Domain.Usage;
using Microsoft.AspNetCore.Mvc;

namespace CreditUsage.Features.Schedules;

/// <summary>A schedule as the API takes it, in the field names of a file of usage. No other members are allowed.</summary>
internal sealed record ScheduleToSend
{
    [JsonPropertyName("device_id"), Description("Ten digits.")]
    public required string DeviceId { get; init; }

    [JsonPropertyName("program"), Description("At most 200 characters.")]
    public required string Program { get; init; }

    [JsonPropertyName("client_id"), Description("Absent, with the name, for a card that several clients share.")]
    public string? ClientId { get; init; }

    [JsonPropertyName("client_name"), Description("At most 200 characters.")]
    public string? ClientName { get; init; }

    [JsonPropertyName("identity_note"), Description("Names a shared card.")]
    public string? IdentityNote { get; init; }

    [JsonPropertyName("staff_id")]
    public required string StaffId { get; init; }

    [JsonPropertyName("staff_name"), Description("At most 200 characters.")]
    public required string StaffName { get; init; }

    [JsonPropertyName("first_day"), Description("The first day that gets a top-up, such as 2026-10-01.")]
    public required string FirstDay { get; init; }

    [JsonPropertyName("last_day"), Description("The last one. Absent for a schedule that goes on until it is ended.")]
    public string? LastDay { get; init; }

    public ScheduleInput Input() => new(DeviceId, Program, ClientId ?? "", ClientName ?? "", IdentityNote ?? "", StaffId, StaffName, FirstDay, LastDay ?? "");
}

/// <summary>The day that a schedule is to end on.</summary>
internal sealed record EndToSend
{
    [JsonPropertyName("last_day"), Description("Earlier than its present last day, and not before a day that has its top-up.")]
    public required string LastDay { get; init; }
}

/// <summary>A schedule as the API gives it.</summary>
internal sealed record RecordedSchedule(
    [property: JsonPropertyName("id")] int Id,
    [property: JsonPropertyName("device_id")] string DeviceId,
    [property: JsonPropertyName("program")] string Program,
    [property: JsonPropertyName("client_id")] string? ClientId,
    [property: JsonPropertyName("client_name")] string? ClientName,
    [property: JsonPropertyName("identity_note")] string IdentityNote,
    [property: JsonPropertyName("staff_id")] string StaffId,
    [property: JsonPropertyName("staff_name")] string StaffName,
    [property: JsonPropertyName("first_day")] DateOnly FirstDay,
    [property: JsonPropertyName("last_day")] DateOnly? LastDay)
{
    public static RecordedSchedule Of(TopUpSchedule schedule) => new(
        schedule.Id, schedule.DeviceId, schedule.Program, schedule.ClientId, schedule.ClientName, schedule.IdentityNote, schedule.StaffId, schedule.StaffName, schedule.FirstDay, schedule.HasLastDay ? schedule.LastDay : null);
}

internal sealed record RecordedSchedules([property: JsonPropertyName("schedules")] IReadOnlyList<RecordedSchedule> Schedules);

/// <summary>Why a schedule was not stored or ended, for the description.</summary>
internal sealed class ScheduleProblem : ProblemDetails
{
    [JsonPropertyName("errors"), Description("What is wrong and what to do about it.")]
    public IReadOnlyList<ScheduleProblemError>? Errors { get; init; }
}

internal sealed record ScheduleProblemError([property: JsonPropertyName("field")] string Field, [property: JsonPropertyName("message")] string Message);

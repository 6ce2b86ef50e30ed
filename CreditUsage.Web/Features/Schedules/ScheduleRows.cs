using CreditUsage.Core;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.Schedules;

/// <summary>Some schedules as a table shows them.</summary>
/// <param name="Today">By UTC.</param>
/// <param name="MayChange">Whether the reader is offered to end and to reassign them.</param>
public sealed record ScheduleRows(string Caption, IReadOnlyList<TopUpSchedule> Schedules, DateOnly Today, bool MayChange)
{
    /// <summary>The client, or that there is none and the note that stands in.</summary>
    public static string Client(TopUpSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        if (schedule.ClientName is { } name) return $"{name} ({schedule.ClientId})";
        return schedule.IdentityNote.Length > 0 ? $"No client: {schedule.IdentityNote}" : "No client";
    }

    /// <summary>How many days are to come, or how it ended.</summary>
    public string Left(TopUpSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        if (schedule.FirstDay > Today) return $"Begins in {Display.Count(schedule.FirstDay.DayNumber - Today.DayNumber, "day", "days")}";
        if (schedule.LastDay >= Today) return schedule.LastDay == Today ? "Ends today" : $"{Display.Count(schedule.LastDay.DayNumber - Today.DayNumber + 1, "day", "days")} left";
        return schedule.EndedBy is { } by ? $"Ended early by {by}" : "Ran to its end";
    }
}

using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Schedules;

public sealed class SchedulesQuery(CreditUsageDb db, TimeProvider clock)
{
    public const int MaxEnded = 500;

    public async Task<ScheduleList> RunAsync(bool withEnded, CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var all = db.TopUpSchedules.AsNoTracking();
        var live = await all.Where(schedule => schedule.LastDay >= today).OrderBy(schedule => schedule.LastDay).ThenBy(schedule => schedule.DeviceId).ToListAsync(cancellation);
        var ended = all.Where(schedule => schedule.LastDay < today);
        return new ScheduleList(
            today,
            live.Where(schedule => schedule.FirstDay <= today).ToList(),
            live.Where(schedule => schedule.FirstDay > today).OrderBy(schedule => schedule.FirstDay).ToList(),
            withEnded ? await ended.OrderByDescending(schedule => schedule.LastDay).ThenBy(schedule => schedule.DeviceId).Take(MaxEnded).ToListAsync(cancellation) : null,
            await ended.CountAsync(cancellation));
    }

    public async Task<IReadOnlyList<TopUpSchedule>> AllAsync(CancellationToken cancellation) =>
        await db.TopUpSchedules.AsNoTracking().OrderBy(schedule => schedule.FirstDay).ThenBy(schedule => schedule.DeviceId).ToListAsync(cancellation);

    public Task<TopUpSchedule?> FindAsync(int id, CancellationToken cancellation) => db.TopUpSchedules.AsNoTracking().SingleOrDefaultAsync(schedule => schedule.Id == id, cancellation);

    /// <summary>The latest of its days with a top-up from any source; null when none has.</summary>
    public Task<DateOnly?> LastRecordedAsync(TopUpSchedule schedule, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        var device = long.Parse(schedule.DeviceId, CultureInfo.InvariantCulture);
        return db.UsageEvents.Where(usage => usage.DeviceNumber == device && usage.ServiceDate >= schedule.FirstDay && usage.ServiceDate <= schedule.LastDay)
            .MaxAsync(usage => (DateOnly?)usage.ServiceDate, cancellation);
    }

    /// <summary>With the name that was recorded last where only the id was given.</summary>
    public async Task<ScheduleInput> CompletedAsync(ScheduleInput input, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (client, staff) = (input.ClientId.Trim(), input.StaffId.Trim());
        if (client.Length > 0 && string.IsNullOrWhiteSpace(input.ClientName))
            input = input with { ClientName = await db.Clients.Where(known => known.ClientId == client).OrderByDescending(known => known.Id).Select(known => known.Name).FirstOrDefaultAsync(cancellation) ?? "" };
        if (staff.Length > 0 && string.IsNullOrWhiteSpace(input.StaffName))
            input = input with { StaffName = await db.StaffMembers.Where(known => known.StaffId == staff).OrderByDescending(known => known.Id).Select(known => known.Name).FirstOrDefaultAsync(cancellation) ?? "" };
        return input;
    }

    /// <summary>Clients and staff members by id, each with the name that was recorded last, and the programs.</summary>
    public async Task<KnownForSchedules> KnownAsync(CancellationToken cancellation)
    {
        var clients = await db.Clients.AsNoTracking().OrderByDescending(client => client.Id).Select(client => new KnownName(client.ClientId, client.Name)).Take(KnownForSchedules.Most).ToListAsync(cancellation);
        var staff = await db.StaffMembers.AsNoTracking().OrderByDescending(member => member.Id).Select(member => new KnownName(member.StaffId, member.Name)).Take(KnownForSchedules.Most).ToListAsync(cancellation);
        var programs = await db.Programs.AsNoTracking().OrderBy(program => program.Name).Select(program => program.Name).Take(KnownForSchedules.Most).ToListAsync(cancellation);
        return new KnownForSchedules(Sorted(clients), Sorted(staff), programs);

        static IReadOnlyList<KnownName> Sorted(List<KnownName> names) => [.. names.DistinctBy(name => name.Id).OrderBy(name => name.Name, StringComparer.CurrentCultureIgnoreCase)];
    }

    public Task<Subscription> SubscriptionAsync(CancellationToken cancellation) =>
        db.Subscriptions.AsNoTracking().SingleAsync(subscription => subscription.Id == db.SubscriptionId, cancellation);
}

/// <param name="Today">In UTC.</param>
/// <param name="Ended">Latest first; null where they were not asked for.</param>
public sealed record ScheduleList(DateOnly Today, IReadOnlyList<TopUpSchedule> Running, IReadOnlyList<TopUpSchedule> Future, IReadOnlyList<TopUpSchedule>? Ended, int EndedCount)
{
    public bool IsEmpty => Running.Count + Future.Count + EndedCount == 0;
}

public sealed record KnownName(string Id, string Name);

/// <summary>What a form offers to choose from.</summary>
public sealed record KnownForSchedules(IReadOnlyList<KnownName> Clients, IReadOnlyList<KnownName> Staff, IReadOnlyList<string> Programs)
{
    /// <summary>Of each, the latest.</summary>
    public const int Most = 2000;
}

public sealed record ScheduleRows(string Caption, IReadOnlyList<TopUpSchedule> Schedules, DateOnly Today, bool MayChange)
{
    /// <summary>The client, or the note of a shared card.</summary>
    public static string Client(TopUpSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        if (schedule.ClientName is { } name) return $"{name} ({schedule.ClientId})";
        return schedule.IdentityNote.Length > 0 ? $"No client: {schedule.IdentityNote}" : "No client";
    }

    public string Left(TopUpSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        if (schedule.FirstDay > Today) return $"Begins in {Display.Count(schedule.FirstDay.DayNumber - Today.DayNumber, "day", "days")}";
        if (!schedule.HasLastDay) return "Until it is ended";
        if (schedule.LastDay >= Today) return schedule.LastDay == Today ? "Ends today" : $"{Display.Count(schedule.LastDay.DayNumber - Today.DayNumber + 1, "day", "days")} left";
        return schedule.EndedBy is { } by ? $"Ended early by {by}" : "Ended";
    }
}

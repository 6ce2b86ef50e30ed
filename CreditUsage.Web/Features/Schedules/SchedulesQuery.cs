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
        return (await CompletedAsync([input], cancellation))[0];
    }

    public async Task<IReadOnlyList<ScheduleInput>> CompletedAsync(IReadOnlyList<ScheduleInput> inputs, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var clientIds = inputs.Where(input => string.IsNullOrWhiteSpace(input.ClientName)).Select(input => input.ClientId.Trim()).Where(id => id.Length > 0).Distinct().ToList();
        var staffIds = inputs.Where(input => string.IsNullOrWhiteSpace(input.StaffName)).Select(input => input.StaffId.Trim()).Where(id => id.Length > 0).Distinct().ToList();
        var clients = clientIds.Count == 0 ? [] : Latest(await db.Clients.Where(known => clientIds.Contains(known.ClientId)).OrderByDescending(known => known.Id).Select(known => new KnownName(known.ClientId, known.Name)).ToListAsync(cancellation));
        var staff = staffIds.Count == 0 ? [] : Latest(await db.StaffMembers.Where(known => staffIds.Contains(known.StaffId)).OrderByDescending(known => known.Id).Select(known => new KnownName(known.StaffId, known.Name)).ToListAsync(cancellation));
        return [.. inputs.Select(input => input with { ClientName = Named(input.ClientId, input.ClientName, clients), StaffName = Named(input.StaffId, input.StaffName, staff) })];

        static Dictionary<string, string> Latest(List<KnownName> names) => names.DistinctBy(name => name.Id).ToDictionary(name => name.Id, name => name.Name);
        static string Named(string id, string name, Dictionary<string, string> known) => string.IsNullOrWhiteSpace(name) && known.TryGetValue(id.Trim(), out var last) ? last : name;
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

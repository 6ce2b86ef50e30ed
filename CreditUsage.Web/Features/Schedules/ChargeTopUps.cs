using System.CommandLine;
using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Core.Intake;
using CreditUsage.Core.Ledger;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Commands;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Schedules;

/// <summary>
/// Charges one credit for each past day of a schedule without a top-up, since the day on which charging began here. Safe to run at any time, repeatedly
/// and concurrently: it works under the write lock, and the database holds one top-up for a device and day (domain.md rule 6).
/// </summary>
public sealed class ChargeTopUps(CreditUsageDb db, AuditLog audit, TimeProvider clock)
{
    private const string ChargedBy = "CreditUsage";

    /// <summary>Month by month, each in one transaction, so that catching up on years does not block other writers for long.</summary>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var yesterday = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-1);
        if (await FirstDayAsync(cancellation) is not { } first) return 0;
        var lacking = await MissingTopUps.SchedulesAsync(db, first, yesterday, cancellation);
        if (lacking.Count == 0) return 0;
        var charged = 0;
        for (var month = UsageMonth.Of(Later(first, lacking.Min(schedule => schedule.FirstDay))); month.Start <= yesterday; month = month.Next)
            charged += await ChargeAsync(Later(first, month.Start), Earlier(month.End.AddDays(-1), yesterday), cancellation);
        return charged;
    }

    private async Task<int> ChargeAsync(DateOnly start, DateOnly last, CancellationToken cancellation)
    {
        if ((await MissingTopUps.SchedulesAsync(db, start, last, cancellation)).Count == 0) return 0;
        await using var record = await RecordUsage.BeginAsync(db, UsageSource.Charge, ChargedBy, clock, cancellation);
        // Read again under the write lock: the setting, the schedules and imported top-ups.
        if (await FirstDayAsync(cancellation) is not { } first) return 0;
        var missing = await MissingTopUps.FindAsync(db, Later(first, start), last, cancellation);
        if (missing.Count == 0) return 0;
        await AddAsync(record, missing, cancellation);
        await audit.AddAsync(AuditAction.Charge, UsageMonth.Of(start).Name, Counted(missing), cancellation);
        await record.CommitAsync(cancellation);
        return missing.Count;
    }

    private async Task AddAsync(RecordUsage record, IReadOnlyList<MissingTopUp> missing, CancellationToken cancellation)
    {
        var ids = await FreeIdsAsync(missing, cancellation);
        var conflicts = new List<(int, UsageFault)>();
        for (var i = 0; i < missing.Count; i++) conflicts.AddRange(await record.AddAsync(i, Charge(missing[i], ids[i]), cancellation));
        conflicts.AddRange(await record.FlushAsync(cancellation));
        if (conflicts.Count > 0 || record.Accepted != missing.Count) throw new InvalidOperationException("A day that had no top-up could not be charged.");
    }

    /// <summary>Ids made of device and day; where imported usage has one already, the next number after it.</summary>
    private async Task<List<string>> FreeIdsAsync(IReadOnlyList<MissingTopUp> missing, CancellationToken cancellation)
    {
        var ids = missing.Select(IdOf).ToList();
        for (var number = 2; ; number++)
        {
            var taken = await db.UsageEvents.Where(usage => ids.Contains(usage.EventId)).Select(usage => usage.EventId).ToListAsync(cancellation);
            if (taken.Count == 0) return ids;
            ids = ids.Select((id, i) => taken.Contains(id) ? string.Create(CultureInfo.InvariantCulture, $"{IdOf(missing[i])}-{number}") : id).ToList();
        }
    }

    private static string IdOf(MissingTopUp day) => string.Create(CultureInfo.InvariantCulture, $"TU-{day.Schedule.DeviceId}-{day.Day:yyyyMMdd}");

    private static UsageRecord Charge(MissingTopUp day, string id) => new(
        id, UsageKind.DailyTopUp, new DateTimeOffset(day.Day, TimeOnly.MinValue, TimeSpan.Zero), day.Schedule.StaffId, day.Schedule.StaffName, day.Schedule.ClientId,
        day.Schedule.ClientName, day.Schedule.Program, day.Schedule.DeviceId, day.Schedule.IdentityNote, DurationMinutes: null, Credits: null, CostPence: null);

    private static string Counted(IReadOnlyList<MissingTopUp> missing)
    {
        var (first, last) = (ScheduleLabels.Day(missing[0].Day), ScheduleLabels.Day(missing[^1].Day));
        var days = first == last ? first : $"{first} to {last}";
        var devices = missing.Select(day => day.DeviceNumber).Distinct().Count();
        return $"{Display.Count(missing.Count, "daily top-up", "daily top-ups")} charged, {days}, {Display.Count(devices, "device", "devices")}";
    }

    /// <summary>Null where top-ups are only imported.</summary>
    private Task<DateOnly?> FirstDayAsync(CancellationToken cancellation) =>
        db.Subscriptions.Where(subscription => subscription.Id == db.RequireSubscriptionId()).Select(subscription => subscription.ChargesTopUpsFrom).SingleAsync(cancellation);

    private static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;

    private static DateOnly Earlier(DateOnly one, DateOnly other) => one < other ? one : other;
}

public static class ChargeTopUpsVerb
{
    public static Command Create(VerbHost host)
    {
        var subscription = VerbOptions.Subscription();
        (subscription.Required, subscription.Description) = (false, "Only this subscription, by its id");
        var command = new Command("charge-top-ups", "Charges the days of schedules that are over and have no top-up, as the site does each night") { subscription };
        command.SetAction((parsed, cancellation) => parsed.GetResult(subscription) is null
            ? host.RunAsync(services => ChargeAllAsync(services, cancellation), cancellation)
            : host.RunAsync(parsed.GetValue(subscription), services => ChargeOneAsync(services, cancellation), cancellation));
        return command;
    }

    private static async Task<int> ChargeAllAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var (charged, failed) = await services.GetRequiredService<ChargeEverySubscription>().RunAsync(cancellation);
        Print(charged);
        return failed == 0 ? VerbHost.Done : VerbHost.Failed;
    }

    private static async Task<int> ChargeOneAsync(IServiceProvider services, CancellationToken cancellation)
    {
        Print(await services.GetRequiredService<ChargeTopUps>().RunAsync(cancellation));
        return VerbHost.Done;
    }

    private static void Print(int charged) => Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{charged} charged"));
}

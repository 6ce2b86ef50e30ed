using CreditUsage.Core;
using CreditUsage.Core.Integrity;
using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Privacy;
using CreditUsage.Platform;
using CreditUsage.Platform.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Quartz;

namespace CreditUsage.Features.Anonymise;

/// <summary>Makes codes of the clients of closed months that have been kept for long enough, the oldest first. As with old reports, the clock alone is not trusted.</summary>
internal sealed class AnonymiseOldMonths(CreditUsageDb db, CurrentSubscription current, RunAnonymisation run, EraseReplaced erase, ClockWitness clockWitness, IOptions<CreditUsageOptions> options, TimeProvider clock)
{
    /// <summary>The subject of the audit entry of the night before.</summary>
    public const string Announced = "Clients of old months";

    /// <summary>Each is one short write; a first night with many years behind it takes several.</summary>
    private const int MostInANight = 24;

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        current.Actor = "CreditUsage";
        // What an earlier one had to leave because somebody was reading.
        await erase.RunAsync(cancellation);
        var years = options.Value.Events.KeepYears;
        if (years == 0 || await db.Anonymisations.AnyAsync(one => one.State == AnonymisationState.Running, cancellation)) return 0;
        var due = await DueAsync(clock.GetUtcNow().AddYears(-years), cancellation);
        if (due.Count == 0) return 0;
        var witness = await clockWitness.FindAsync(cancellation);
        var old = due.FindAll(month => IsOver(month, witness?.At.AddYears(-years)));
        if (old.Count < due.Count)
            await clockWitness.AnnounceAsync(AuditAction.Anonymise, Announced, $"{Display.Count(due.Count - old.Count, "month has", "months have")} been kept for long enough by the clock, and their clients become codes the next night if it still says so", witness, cancellation);
        var done = 0;
        foreach (var month in old.Take(MostInANight))
        {
            // What keeps one from being made anew keeps the next.
            if (!await AnonymiseAsync(month, years, cancellation)) break;
            done++;
        }
        await erase.RunAsync(cancellation);
        return done;
    }

    private async Task<List<UsageMonth>> DueAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var closings = await db.MonthClosings.AsNoTracking().Where(closing => closing.ReopenedAt == null).OrderBy(closing => closing.Month).Select(closing => new { closing.Month, closing.ClosedAt }).ToListAsync(cancellation);
        var done = await db.Anonymisations.AsNoTracking().Where(one => one.Month != null && one.State == AnonymisationState.Done).Select(one => new { one.Month, one.RequestedAt }).ToListAsync(cancellation);
        return [.. closings.Where(closing => IsOver(closing.Month, before) && !done.Exists(one => one.Month == closing.Month && one.RequestedAt >= closing.ClosedAt)).Select(closing => closing.Month)];
    }

    private static bool IsOver(UsageMonth month, DateTimeOffset? before) => before is { } instant && month.End <= DateOnly.FromDateTime(instant.UtcDateTime);

    private async Task<bool> AnonymiseAsync(UsageMonth month, int years, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var anonymisation = new Anonymisation
        {
            Id = Guid.CreateVersion7(now),
            SubscriptionId = db.RequireSubscriptionId(),
            Month = month,
            Reference = $"Kept for {Display.Count(years, "year", "years")}",
            RequestedBy = current.Actor,
            RequestedAt = now,
            State = AnonymisationState.Running,
        };
        db.Add(anonymisation);
        await db.SaveChangesAsync(cancellation);
        db.ChangeTracker.Clear();
        return await run.ReplaceAsync(anonymisation.Id, cancellation) == AnonymisationState.Done;
    }
}

[DisallowConcurrentExecution]
internal sealed class AnonymiseOldMonthsJob(IServiceScopeFactory scopes, CreditUsageDb db) : IScheduledJob
{
    public static JobKey Key { get; } = new("anonymise-old-months");

    /// <summary>After old reports are removed, and before the data is checked.</summary>
    public static string Cron => "0 17 3 * * ?";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        foreach (var subscription in await db.Subscriptions.Select(subscription => subscription.Id).ToListAsync(cancellationToken))
            await scopes.InSubscriptionAsync(subscription, services => services.GetRequiredService<AnonymiseOldMonths>().RunAsync(cancellationToken));
    }
}

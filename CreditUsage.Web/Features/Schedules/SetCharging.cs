using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Schedules;

/// <summary>Sets whether daily top-ups are charged here, and from which day on, or only imported.</summary>
public sealed class SetCharging(CreditUsageDb db, AuditLog audit)
{
    /// <summary>Returns what is wrong with the day; null when set. Earlier charges stay.</summary>
    /// <param name="from">The first day to charge here; null to charge none from now on.</param>
    public async Task<string?> RunAsync(DateOnly? from, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var subscription = await db.Subscriptions.SingleAsync(subscription => subscription.Id == db.RequireSubscriptionId(), cancellation);
        if (from is { } day && Refusal(day, subscription.StartsOn, await db.ClosedMonthsAsync(cancellation)) is { } refusal) return refusal;
        if (subscription.ChargesTopUpsFrom == from) return null;
        subscription.ChargesTopUpsFrom = from;
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Setting, "Daily top-ups", from is { } first ? $"Charged here from {ScheduleLabels.Day(first)} on" : "No longer charged here; they only come in", cancellation);
        await transaction.CommitAsync(cancellation);
        return null;
    }

    private static string? Refusal(DateOnly day, DateOnly startsOn, ClosedMonths closed)
    {
        if (day < startsOn) return $"This is before the subscription's start; write {ScheduleLabels.Day(startsOn)} or a later day.";
        return closed.Latest is { } latest && day < latest.End ? $"{latest.Name} is closed; write {ScheduleLabels.Day(latest.End)} or a later day." : null;
    }
}

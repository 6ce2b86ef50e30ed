using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Subscriptions;

/// <summary>Changes a clinic's name and first day. Months that are closed keep the name that they were closed under (domain.md rule 8).</summary>
public sealed class ChangeSubscription(CreditUsageDb db, AuditLog audit, TimeProvider clock)
{
    public Task<Subscription> FindAsync(CancellationToken cancellation) => db.Subscriptions.AsNoTracking().SingleAsync(own => own.Id == db.SubscriptionId, cancellation);

    /// <param name="name">Null to keep it.</param>
    /// <param name="startsOn">Null to keep it.</param>
    /// <param name="shown">The version that a form showed; null for a caller without a form.</param>
    /// <returns>What is wrong, with the field; null when it was changed, or nothing differs.</returns>
    /// <exception cref="SavedMeanwhileException">Somebody else has changed it since; nothing has changed.</exception>
    public async Task<Problem?> RunAsync(string? name, DateOnly? startsOn, string? shown, CancellationToken cancellation)
    {
        var called = "";
        if (name is not null && ClinicName.TryRead(name, out called) is { } fault) return new("name", fault);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var subscription = await db.Subscriptions.SingleAsync(own => own.Id == db.SubscriptionId, cancellation);
        if (shown is not null) FormVersion.Require(shown, new ShownClinic(subscription.Name, subscription.StartsOn));
        if (startsOn is { } day && day != subscription.StartsOn)
        {
            if (await StartRefusalAsync(day, cancellation) is { } refusal) return new("start", refusal);
            await audit.AddAsync(AuditAction.Setting, "Clinic", $"First day changed from {Display.Day(subscription.StartsOn)} to {Display.Day(day)}", cancellation);
            subscription.StartsOn = day;
        }
        if (name is not null && called != subscription.Name)
        {
            var former = subscription.Name;
            await db.MonthClosings.Where(closing => closing.ClinicName == null).ExecuteUpdateAsync(set => set.SetProperty(closing => closing.ClinicName, former), cancellation);
            await audit.AddAsync(AuditAction.Setting, "Clinic", $"Name changed from {former} to {called}", cancellation);
            subscription.Name = called;
        }
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return null;
    }

    private async Task<string?> StartRefusalAsync(DateOnly day, CancellationToken cancellation)
    {
        if (day > DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)) return "Choose a first day that is not in the future.";
        if (day.Year < 2000) return "Choose a first day from 01/01/2000 on.";
        if ((await db.ClosedMonthsAsync(cancellation)).Latest is { } closed) return $"Months up to {closed.Name} are closed, so the first day cannot change. Reopen them first.";
        if (await db.UsageEvents.MinAsync(usage => (DateOnly?)usage.ServiceDate, cancellation) is { } used && used < day) return $"There is usage from {Display.Day(used)} on. Choose that day or an earlier one.";
        return await db.LedgerEntries.MinAsync(entry => (DateOnly?)entry.ServiceDate, cancellation) is { } entered && entered < day ? $"There are entries of credits from {Display.Day(entered)} on. Choose that day or an earlier one." : null;
    }
}

/// <summary>What a form shows, for it to carry.</summary>
internal sealed record ShownClinic(string Name, DateOnly StartsOn);

internal static class ClinicName
{
    /// <returns>What is wrong, as a sentence; null where nothing is.</returns>
    public static string? TryRead(string text, out string name) =>
        !RecordedName.TryNormalise(text, out name, out var fault) ? $"The name {fault}." : name.Length == 0 ? "Enter the clinic's name." : null;
}

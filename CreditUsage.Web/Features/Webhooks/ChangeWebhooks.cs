using CreditUsage.Core;
using CreditUsage.Core.Webhooks;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Webhooks;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace CreditUsage.Features.Webhooks;

public sealed class ChangeWebhooks(CreditUsageDb db, CurrentSubscription current, WebhookTargets targets, WebhookSecrets secrets, AuditLog audit, ISchedulerFactory schedulers, TimeProvider clock)
{
    private const string Subject = "Webhooks";
    private const int MostEndpoints = 20;

    /// <summary>How long both secrets sign after a rotation.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    /// <returns>The secret, which is shown once, or what is wrong.</returns>
    public async Task<(string? Secret, Problem? Problem)> AddAsync(string? url, IReadOnlyList<string> events, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(events);
        url = url?.Trim();
        if (targets.Refusal(url) is { } refusal) return (null, new("url", refusal));
        var wanted = WebhookEvents.All.Where(events.Contains).ToList();
        if (wanted.Count == 0) return (null, new("events-0", "Choose at least one event."));
        var (shown, stored) = secrets.Make();
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.WebhookEndpoints.CountAsync(endpoint => endpoint.EndedAt == null, cancellation) >= MostEndpoints) return (null, new("url", $"You have {MostEndpoints} endpoints, the most there can be. Remove one first."));
        db.Add(new WebhookEndpoint { SubscriptionId = db.RequireSubscriptionId(), Url = url!, Events = string.Join(',', wanted), Secret = stored, AddedBy = current.Actor, AddedAt = clock.GetUtcNow() });
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Setting, Subject, $"{HostOf(url!)} added for {string.Join(", ", wanted)}", cancellation);
        await transaction.CommitAsync(cancellation);
        return (shown, null);
    }

    /// <returns>The new secret; null where there is no such endpoint.</returns>
    public async Task<string?> RotateAsync(int id, CancellationToken cancellation)
    {
        var (shown, stored) = secrets.Make();
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.WebhookEndpoints.SingleOrDefaultAsync(endpoint => endpoint.Id == id && endpoint.EndedAt == null, cancellation) is not { } endpoint) return null;
        (endpoint.FormerSecret, endpoint.FormerUntil, endpoint.Secret) = (endpoint.Secret, clock.GetUtcNow() + Overlap, stored);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Setting, Subject, $"New secret for {HostOf(endpoint.Url)}", cancellation);
        await transaction.CommitAsync(cancellation);
        return shown;
    }

    public async Task<bool> RemoveAsync(int id, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.WebhookEndpoints.SingleOrDefaultAsync(endpoint => endpoint.Id == id && endpoint.EndedAt == null, cancellation) is not { } endpoint) return false;
        endpoint.EndedAt = clock.GetUtcNow();
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Setting, Subject, $"{HostOf(endpoint.Url)} removed", cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Has a message sent again, whatever became of it.</summary>
    public async Task<bool> SendAgainAsync(Guid id, CancellationToken cancellation)
    {
        await using (var transaction = await db.BeginWriteAsync(cancellation))
        {
            if (await db.WebhookMessages.SingleOrDefaultAsync(message => message.Id == id, cancellation) is not { } message) return false;
            if (!await db.WebhookEndpoints.AnyAsync(endpoint => endpoint.Id == message.EndpointId && endpoint.EndedAt == null, cancellation)) return false;
            (message.State, message.NextAttemptAt, message.EndedAt, message.Attempts) = (WebhookState.Waiting, clock.GetUtcNow(), null, 0);
            await db.SaveChangesAsync(cancellation);
            await audit.AddAsync(AuditAction.Deliver, Subject, $"{message.Event} {WebhookSecrets.IdOf(message)}: sent again", cancellation);
            await transaction.CommitAsync(cancellation);
        }
        await (await schedulers.GetScheduler(CancellationToken.None)).TriggerJob(SendWebhooksJob.Key, CancellationToken.None);
        return true;
    }

    /// <summary>The audit names no path, which may hold a key.</summary>
    private static string HostOf(string url) => new Uri(url).Host;
}

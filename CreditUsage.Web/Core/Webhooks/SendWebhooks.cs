using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CreditUsage.Data;
using CreditUsage.Domain.Webhooks;
using CreditUsage.Platform.Jobs;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace CreditUsage.Core.Webhooks;

/// <summary>
/// Sends what is due. A message is taken for a while before it is sent and marked afterwards: whatever is killed in between, it is sent again, so that
/// every endpoint has it at least once.
/// </summary>
public sealed class SendWebhooks(CreditUsageDb db, WebhookSecrets secrets, IHttpClientFactory clients, TimeProvider clock)
{
    public const string Client = "webhooks";

    /// <summary>The pause after each failure, three days in all; after the last one the message is given up.</summary>
    public static readonly IReadOnlyList<TimeSpan> Pauses =
        [TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(20)];

    /// <summary>Longer than any answer is waited for.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private const int MostAtOnce = 100;

    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(30);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var due = await db.WebhookMessages.AsNoTracking().Where(message => message.State == WebhookState.Waiting && message.NextAttemptAt <= now).OrderBy(message => message.NextAttemptAt).Take(MostAtOnce).ToListAsync(cancellation);
        var endpoints = await db.WebhookEndpoints.AsNoTracking().ToDictionaryAsync(endpoint => endpoint.Id, cancellation);
        var began = Stopwatch.GetTimestamp();
        var silent = new HashSet<int>();
        foreach (var message in due)
        {
            // An endpoint that does not answer is left alone until the next run, and a slow clinic has its time, so that others get theirs.
            if (silent.Contains(message.EndpointId)) continue;
            if (Stopwatch.GetElapsedTime(began) > LongestRun) return;
            if (!await TakeAsync(message, cancellation)) continue;
            var outcome = await SendAsync(endpoints[message.EndpointId], message, cancellation);
            await EndAsync(message, endpoints[message.EndpointId], outcome);
            if (outcome.Status is null) silent.Add(message.EndpointId);
        }
    }

    /// <summary>False where another process has it.</summary>
    private async Task<bool> TakeAsync(WebhookMessage message, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var until = now + Lease;
        message.Attempts++;
        return await db.WebhookMessages.Where(row => row.Id == message.Id && row.State == WebhookState.Waiting && row.NextAttemptAt <= now)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAttemptAt, until).SetProperty(row => row.Attempts, message.Attempts), cancellation) == 1;
    }

    private async Task<(int? Status, string Outcome)> SendAsync(WebhookEndpoint endpoint, WebhookMessage message, CancellationToken cancellation)
    {
        if (endpoint.EndedAt is not null) return (null, "The endpoint was removed.");
        var now = clock.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url) { Content = new StringContent(message.Body, Encoding.UTF8, "application/json") };
        request.Headers.Add("webhook-id", WebhookSecrets.IdOf(message));
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        try
        {
            request.Headers.Add("webhook-signature", secrets.Sign(endpoint, message, now));
            using var answer = await clients.CreateClient(Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return ((int)answer.StatusCode, $"Answered {(int)answer.StatusCode}.");
        }
        catch (CryptographicException)
        {
            return (null, "The site's keys no longer open the secret. Make a new one.");
        }
        catch (Exception problem) when (problem is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return (null, problem is OperationCanceledException ? "No answer in time." : $"Not reached: {problem.Message.TrimEnd('.')}.");
        }
    }

    /// <summary>Not cancellable: the message was sent even if the site stops now.</summary>
    private async Task EndAsync(WebhookMessage message, WebhookEndpoint endpoint, (int? Status, string Outcome) outcome)
    {
        var now = clock.GetUtcNow();
        var gone = outcome.Status == StatusCodes.Status410Gone || endpoint.EndedAt is not null;
        message.State = outcome.Status is >= 200 and < 300 ? WebhookState.Delivered : gone || message.Attempts > Pauses.Count ? WebhookState.GivenUp : WebhookState.Waiting;
        DateTimeOffset? next = message.State == WebhookState.Waiting ? now + Pauses[message.Attempts - 1] : null;
        DateTimeOffset? ended = message.State == WebhookState.Waiting ? null : now;
        await using var transaction = await db.BeginWriteAsync(CancellationToken.None);
        // Another process may have taken it since, or somebody has it sent again.
        await db.WebhookMessages.Where(row => row.Id == message.Id && row.State == WebhookState.Waiting && row.Attempts == message.Attempts).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.State, message.State).SetProperty(row => row.NextAttemptAt, next).SetProperty(row => row.EndedAt, ended), CancellationToken.None);
        if (outcome.Status == StatusCodes.Status410Gone) await db.WebhookEndpoints.Where(row => row.Id == endpoint.Id && row.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(row => row.EndedAt, now), CancellationToken.None);
        db.Add(new WebhookAttempt { SubscriptionId = message.SubscriptionId, MessageId = message.Id, At = now, Status = outcome.Status, Outcome = outcome.Outcome });
        await db.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }
}

/// <summary>Sends for every subscription that has something due, each in its own scope.</summary>
public sealed partial class SendWebhooksOfEverySubscription(IServiceScopeFactory scopes, TimeProvider clock, ILogger<SendWebhooksOfEverySubscription> log)
{
    private const int MostClinicsAtOnce = 16;

    public async Task RunAsync(CancellationToken cancellation)
    {
        // At the same time: a receiver that is slow holds up its own clinic alone.
        var options = new ParallelOptions { MaxDegreeOfParallelism = MostClinicsAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(await SubscriptionsAsync(cancellation), options, async (subscription, token) =>
        {
            try
            {
                await scopes.InSubscriptionAsync(subscription, services => services.GetRequiredService<SendWebhooks>().RunAsync(token));
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                LogFailure(problem, subscription);
            }
        });
    }

    private async Task<List<int>> SubscriptionsAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = clock.GetUtcNow();
        return await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().WebhookMessages.OfEverySubscription()
            .Where(message => message.State == WebhookState.Waiting && message.NextAttemptAt <= now).Select(message => message.SubscriptionId).Distinct().ToListAsync(cancellation);
    }

    [LoggerMessage(LogLevel.Error, "The webhooks of subscription {Subscription} could not be sent")]
    private partial void LogFailure(Exception problem, int subscription);
}

[DisallowConcurrentExecution]
public sealed class SendWebhooksJob(SendWebhooksOfEverySubscription send) : IScheduledJob
{
    public static JobKey Key { get; } = new("send-webhooks");

    /// <summary>Beside the full tens of seconds, at which report jobs are looked for.</summary>
    public static string Cron => "5/20 * * * * ?";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await send.RunAsync(cancellationToken);
}

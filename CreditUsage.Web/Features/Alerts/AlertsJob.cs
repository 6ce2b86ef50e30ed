using CreditUsage.Data;
using CreditUsage.Platform.Jobs;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace CreditUsage.Features.Alerts;

/// <summary>Evaluates and sends the alerts of every subscription that has rules, each in its own scope.</summary>
public sealed partial class EvaluateEverySubscription(IServiceScopeFactory scopes, ILogger<EvaluateEverySubscription> log)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        var subscriptions = await SubscriptionsAsync(cancellation);
        // Evaluation is quick and comes first: a mail server may be slow.
        foreach (var subscription in subscriptions) await TryAsync(subscription, services => services.GetRequiredService<EvaluateAlerts>().RunAsync(cancellation));
        foreach (var subscription in subscriptions) await TryAsync(subscription, services => services.GetRequiredService<SendAlerts>().RunAsync(cancellation));
    }

    private async Task<List<int>> SubscriptionsAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        // Without the filter, because no subscription has been entered yet.
        return await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().AlertRules.OfEverySubscription()
            .Where(rule => rule.RemovedAt == null).Select(rule => rule.SubscriptionId).Distinct().ToListAsync(cancellation);
    }

    private async Task TryAsync(int subscription, Func<IServiceProvider, Task> act)
    {
        try
        {
            await scopes.InSubscriptionAsync(subscription, act);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            LogFailure(problem, subscription);
        }
    }

    [LoggerMessage(LogLevel.Error, "The alerts of subscription {Subscription} could not be looked after")]
    private partial void LogFailure(Exception problem, int subscription);
}

[DisallowConcurrentExecution]
public sealed class EvaluateAlertsJob(EvaluateEverySubscription watch) : IScheduledJob
{
    public static JobKey Key { get; } = new("watch-lines");

    /// <summary>Every three minutes, so that charges, imports, API calls and corrections are noticed soon.</summary>
    public static string Cron => "30 1/3 * * * ?";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await watch.RunAsync(cancellationToken);
}

using CreditUsage.Data;
using CreditUsage.Domain;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Alerts;

/// <summary>Watches the lines of every subscription that has any, each in a scope of its own.</summary>
public sealed partial class WatchEverySubscription(IServiceScopeFactory scopes, ILogger<WatchEverySubscription> log)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        var subscriptions = await SubscriptionsAsync(cancellation);
        // First all of this, which is quick: a mail server may take its time.
        foreach (var subscription in subscriptions) await TryAsync(subscription, services => services.GetRequiredService<WatchLines>().RunAsync(cancellation));
        foreach (var subscription in subscriptions) await TryAsync(subscription, services => services.GetRequiredService<SendAlerts>().RunAsync(cancellation));
    }

    private async Task<List<int>> SubscriptionsAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        // Of every subscription: nobody has entered one yet.
        return await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().AlertRules.IgnoreQueryFilters()
            .Where(rule => rule.RemovedAt == null).Select(rule => rule.SubscriptionId).Distinct().ToListAsync(cancellation);
    }

    private async Task TryAsync(int subscription, Func<IServiceProvider, Task> act)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CurrentSubscription>().Enter(subscription);
            await act(scope.ServiceProvider);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            LogFailure(problem, subscription);
        }
    }

    [LoggerMessage(LogLevel.Error, "The alerts of subscription {Subscription} could not be looked after")]
    private partial void LogFailure(Exception problem, int subscription);
}

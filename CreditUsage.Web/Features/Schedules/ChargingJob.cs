using CreditUsage.Data;
using CreditUsage.Platform.Jobs;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace CreditUsage.Features.Schedules;

/// <summary>Charges the schedules of every subscription that charges here, each in a scope of its own.</summary>
public sealed class ChargeEverySubscription(IServiceScopeFactory scopes, ILogger<ChargeEverySubscription> log)
{
    /// <returns>Days charged, and subscriptions that failed: the log says why, and the next run tries again.</returns>
    public async Task<(int Charged, int Failed)> RunAsync(CancellationToken cancellation)
    {
        var (charged, failed) = (0, 0);
        foreach (var subscription in await SubscriptionsAsync(cancellation))
        {
            try
            {
                charged += await scopes.InSubscriptionAsync(subscription, services => services.GetRequiredService<ChargeTopUps>().RunAsync(cancellation));
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                failed++;
                log.LogError(problem, "The daily top-ups of subscription {Subscription} could not be charged", subscription);
            }
        }
        return (charged, failed);
    }

    private async Task<List<int>> SubscriptionsAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().Subscriptions
            .Where(subscription => subscription.ChargesTopUpsFrom != null).Select(subscription => subscription.Id).ToListAsync(cancellation);
    }
}

[DisallowConcurrentExecution]
public sealed class ChargeTopUpsJob(ChargeEverySubscription charge) : IScheduledJob
{
    public static JobKey Key { get; } = new("charge-top-ups");

    /// <summary>Five past every hour: the run after midnight charges the day before; the others find nothing unless that one failed.</summary>
    public static string Cron => "0 5 * * * ?";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await charge.RunAsync(cancellationToken);
}

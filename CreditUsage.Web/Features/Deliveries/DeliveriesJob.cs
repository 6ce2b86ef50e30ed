using CreditUsage.Data;
using CreditUsage.Domain.Deliveries;
using CreditUsage.Platform.Jobs;
using CreditUsage.Platform.Mail;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace CreditUsage.Features.Deliveries;

/// <summary>Delivers for every subscription with an enabled schedule or something to send, each in its own scope.</summary>
public sealed partial class DeliverEverySubscription(IServiceScopeFactory scopes, SendMail mail, ILogger<DeliverEverySubscription> log)
{
    /// <summary>Nothing begins until mail is set up; then everything due is sent.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (!mail.IsSetUp) return;
        foreach (var subscription in await SubscriptionsAsync(cancellation))
        {
            try
            {
                await scopes.InSubscriptionAsync(subscription, services => services.GetRequiredService<DeliverMonths>().RunAsync(cancellation));
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                LogFailure(problem, subscription);
            }
        }
    }

    private async Task<List<int>> SubscriptionsAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        // Without the filter, because no subscription has been entered yet.
        var db = scope.ServiceProvider.GetRequiredService<CreditUsageDb>();
        var enabled = await db.DeliverySchedules.OfEverySubscription().Where(schedule => schedule.Enabled).Select(schedule => schedule.SubscriptionId).ToListAsync(cancellation);
        return [.. enabled.Union(await db.Deliveries.OfEverySubscription().Where(delivery => delivery.State == DeliveryState.Waiting && delivery.ByHand).Select(delivery => delivery.SubscriptionId).ToListAsync(cancellation))];
    }

    [LoggerMessage(LogLevel.Error, "The months of subscription {Subscription} could not be delivered")]
    private partial void LogFailure(Exception problem, int subscription);
}

/// <summary>Also sends what became due while the site was down.</summary>
[DisallowConcurrentExecution]
public sealed class DeliverMonthsJob(DeliverEverySubscription deliver) : IScheduledJob
{
    public static JobKey Key { get; } = new("deliver-months");

    /// <summary>Odd minutes, so that mail due on the hour follows the night's charges at five past.</summary>
    public static string Cron => "0 1/2 * * * ?";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await deliver.RunAsync(cancellationToken);
}

using CreditUsage.Data;
using CreditUsage.Platform.Jobs;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace CreditUsage.Core.Intake;

/// <summary>At each start and each night: removes what imports have left whose process was killed. Nobody has seen it.</summary>
[DisallowConcurrentExecution]
public sealed class RemoveAbandonedImportsJob(IServiceScopeFactory scopes, CreditUsageDb db, ImportTurns turns) : IScheduledJob
{
    public static JobKey Key { get; } = new("remove-abandoned-imports");

    public static string Cron => "0 53 2 * * ?";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var left = await db.UsageIntakes.OfEverySubscription().Where(intake => intake.HiddenBlock != null).Select(intake => intake.SubscriptionId).ToListAsync(cancellationToken);
        foreach (var subscription in left)
        {
            using var turn = turns.TryEnter(subscription);
            if (turn is null) continue;
            await scopes.InSubscriptionAsync(subscription, services => HiddenIntake.RemoveAsync(services.GetRequiredService<CreditUsageDb>(), cancellationToken));
        }
    }
}

using CreditUsage.Domain.Integrity;
using CreditUsage.Platform.Integrity;
using CreditUsage.Platform.Jobs;
using Quartz;

namespace CreditUsage.Core.Integrity;

/// <summary>The check of the night. At a start it runs only where a night was missed.</summary>
[DisallowConcurrentExecution]
public sealed class CheckDataJob(IServiceScopeFactory scopes, DataChecks checks, TimeProvider clock) : IScheduledJob
{
    private static readonly TimeSpan Night = TimeSpan.FromHours(20);

    public static JobKey Key { get; } = new("check-data");

    /// <summary>After the old reports of the night are removed.</summary>
    public static string Cron => "0 5 4 * * ?";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        if (checks.All.Where(check => check.Kind == DataCheckKind.Records).Select(check => check.At).DefaultIfEmpty().Min() > clock.GetUtcNow() - Night) return;
        await RunAsync(scopes, checks, cancellationToken);
    }

    public static async Task RunAsync(IServiceScopeFactory scopes, DataChecks checks, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        ArgumentNullException.ThrowIfNull(checks);
        await using var scope = scopes.CreateAsyncScope();
        await foreach (var verified in scope.ServiceProvider.GetRequiredService<VerifyData>().RunAsync(cancellation))
        {
            await checks.RecordAsync(verified.Kind, verified.Problem, cancellation, verified.Of);
            // What does not hold is not anchored as if it did.
            if (verified is { Kind: DataCheckKind.Records, Problem: null })
                await scopes.InSubscriptionAsync(verified.Of, services => services.GetRequiredService<AnchorAudit>().RunAsync(cancellation));
        }
    }
}

using CreditUsage.Data;
using CreditUsage.Domain.Reports;

namespace CreditUsage.Core.Jobs;

public sealed record JobLimits
{
    /// <summary>Queued and running reports of all subscriptions together.</summary>
    public int MaxInQueue { get; init; } = 20;

    /// <summary>Of its own: one that dies with its process is tried again as often as that happens.</summary>
    public int MaxFailures { get; init; } = 2;

    /// <summary>How long a process without a heartbeat is believed to be alive.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(3);

    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromMilliseconds(250);
}

/// <summary>Runs a job's code as the user who requested it.</summary>
internal static class JobScopes
{
    public static async Task InAsync(this IServiceScopeFactory scopes, ReportJob job, Func<IServiceProvider, Task> act)
    {
        await using var scope = scopes.CreateAsyncScope();
        var current = scope.ServiceProvider.GetRequiredService<CurrentSubscription>();
        current.Enter(job.SubscriptionId);
        current.Actor = job.RequestedBy;
        await act(scope.ServiceProvider);
    }
}

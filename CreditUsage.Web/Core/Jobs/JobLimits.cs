using CreditUsage.Data;
using CreditUsage.Domain.Reports;

namespace CreditUsage.Core.Jobs;

/// <summary>How much waits at most, and how it is known that nobody makes a report any more.</summary>
public sealed record JobLimits
{
    /// <summary>Reports that wait or are made, of all subscriptions together.</summary>
    public int MaxInQueue { get; init; } = 20;

    /// <summary>How often one report is begun at most.</summary>
    public int MaxAttempts { get; init; } = 2;

    /// <summary>How long whoever makes a report is believed to be alive without a sign.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often that sign is given.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often at most the rows that are done are stored.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromMilliseconds(250);
}

/// <summary>Acts for a job as a request of whoever asked for it would.</summary>
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

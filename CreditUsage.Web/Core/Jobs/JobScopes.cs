using CreditUsage.Data;
using CreditUsage.Domain.Reports;

namespace CreditUsage.Core.Jobs;

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

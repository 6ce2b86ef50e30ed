using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Platform.Security;

/// <summary>Writes sign-in events to the audit of the account's own subscription: the request has entered none, or that of another user.</summary>
public sealed class AccountAudit(IServiceScopeFactory scopes, SecurityLog log)
{
    /// <summary>The actor of a refused sign-in.</summary>
    public const string Anonymous = "the sign-in page";

    /// <summary>Cannot be cancelled: a client that hangs up is recorded too.</summary>
    public Task AddAsync(AppUser user, string actor, AuditAction action, string detail)
    {
        ArgumentNullException.ThrowIfNull(user);
        return InAsync(user, actor, (_, audit) => audit.AddAsync(action, user.Email!, detail, CancellationToken.None));
    }

    /// <summary>Costs what an entry costs: an unknown address must not be answered sooner than a known one. Leaves a line in the server's log, without it.</summary>
    public async Task LogAnonymousFailureAsync(AppUser? user)
    {
        if (user is null) log.UnknownAccount();
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().Roles
            .ExecuteUpdateAsync(set => set.SetProperty(role => role.ConcurrencyStamp, role => role.ConcurrencyStamp));
    }

    /// <summary>Runs in the account's subscription, on a connection of its own.</summary>
    internal async Task InAsync(AppUser user, string actor, Func<CreditUsageDb, AuditLog, Task> act)
    {
        await using var scope = scopes.CreateAsyncScope();
        var current = scope.ServiceProvider.GetRequiredService<CurrentSubscription>();
        current.Enter(user.SubscriptionId);
        current.Actor = actor;
        await act(scope.ServiceProvider.GetRequiredService<CreditUsageDb>(), scope.ServiceProvider.GetRequiredService<AuditLog>());
    }
}

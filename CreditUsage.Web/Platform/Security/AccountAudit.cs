using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Platform.Security;

/// <summary>Writes sign-in events to the audit of the clinic that the account's sign-in leads to: the request has entered none, or that of another user.</summary>
public sealed class AccountAudit(IServiceScopeFactory scopes, SecurityLog log)
{
    /// <summary>The actor of a refused sign-in.</summary>
    public const string Anonymous = "the sign-in page";

    /// <summary>Cannot be cancelled: a client that hangs up is recorded too.</summary>
    /// <param name="clinic">Where it happened; null for the clinic that the account's sign-in leads to.</param>
    public async Task AddAsync(AppUser user, string actor, AuditAction action, string detail, int? clinic = null)
    {
        ArgumentNullException.ThrowIfNull(user);
        await InAsync(clinic ?? await HomeOfAsync(user), actor, (_, audit) => audit.AddAsync(action, user.Email!, detail, CancellationToken.None));
    }

    /// <summary>Costs what an entry costs: an unknown address must not be answered sooner than a known one. Leaves a line in the server's log, without it.</summary>
    public async Task LogAnonymousFailureAsync(AppUser? user)
    {
        if (user is null) log.UnknownAccount();
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().Roles
            .ExecuteUpdateAsync(set => set.SetProperty(role => role.ConcurrencyStamp, role => role.ConcurrencyStamp));
    }

    public async Task<int> HomeOfAsync(AppUser user)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<OwnClinics>().HomeOfAsync(user);
    }

    /// <summary>Runs in the clinic that the account's sign-in leads to, on a connection of its own.</summary>
    internal async Task InAsync(AppUser user, string actor, Func<CreditUsageDb, AuditLog, Task> act) => await InAsync(await HomeOfAsync(user), actor, act);

    internal async Task InAsync(int clinic, string actor, Func<CreditUsageDb, AuditLog, Task> act)
    {
        await using var scope = scopes.CreateAsyncScope();
        var current = scope.ServiceProvider.GetRequiredService<CurrentSubscription>();
        current.Enter(clinic);
        current.Actor = actor;
        await act(scope.ServiceProvider.GetRequiredService<CreditUsageDb>(), scope.ServiceProvider.GetRequiredService<AuditLog>());
    }
}

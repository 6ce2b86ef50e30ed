using System.Security.Claims;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Platform.Security;

/// <summary>Takes a session to another clinic of its owner, under a new key; it is never in two.</summary>
public sealed class SwitchClinic(OwnClinics clinics, ChosenClinic chosen, UserManager<AppUser> users, RenewSession renew, AccountAudit audit, TimeProvider clock)
{
    /// <returns>False where they may not enter it, or it is not there.</returns>
    public async Task<bool> RunAsync(ClaimsPrincipal who, int clinic, CancellationToken cancellation)
    {
        if (await users.GetUserAsync(who) is not { } user || (await clinics.OfAsync(user.Id, cancellation)).All(own => own.Id != clinic)) return false;
        if (chosen.Of(user.Id) == clinic) return true;
        await audit.InAsync(clinic, user.Email!, async (db, log) =>
        {
            var now = clock.GetUtcNow();
            await using var transaction = await db.BeginWriteAsync(CancellationToken.None);
            await db.Memberships.Where(membership => membership.UserId == user.Id).ExecuteUpdateAsync(set => set.SetProperty(membership => membership.EnteredAt, now));
            await log.AddAsync(AuditAction.SignIn, user.Email!, "By the switch of clinics", CancellationToken.None);
            await transaction.CommitAsync();
        });
        chosen.Choose(user.Id, clinic);
        await renew.RunAsync(user, passwordGiven: false);
        return true;
    }
}

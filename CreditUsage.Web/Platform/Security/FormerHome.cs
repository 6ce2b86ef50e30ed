using CreditUsage.Data;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Platform.Security;

/// <summary>
/// Role and state of the clinic that an account was made in, as the version before memberships keeps them: while a site is updated node by node, both run on one database.
/// </summary>
public sealed class FormerHome(CreditUsageDb db, UserManager<AppUser> users, RoleManager<IdentityRole> roles, AccountAudit audit, TimeProvider clock)
{
    /// <summary>Within the write of the clinic that the change is in.</summary>
    /// <param name="membership">Null where the user was removed.</param>
    public async Task WriteAsync(AppUser user, Membership? membership)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (user.SubscriptionId != db.RequireSubscriptionId()) return;
        var role = membership?.JoinedAt is null ? null : membership.Role;
        var before = await users.GetRolesAsync(user);
        await users.RemoveFromRolesAsync(user, before.Where(one => one != role)).ThrowIfFailedAsync();
        if (role is not null && !await roles.RoleExistsAsync(role)) await roles.CreateAsync(new IdentityRole(role)).ThrowIfFailedAsync();
        if (role is not null && !before.Contains(role)) await users.AddToRoleAsync(user, role).ThrowIfFailedAsync();
        user.DisabledAt = membership?.DisabledAt;
        await users.UpdateAsync(user).ThrowIfFailedAsync();
    }

    /// <summary>At a sign-in: takes over what that version has changed meanwhile, which has ended every session.</summary>
    public async Task AdoptAsync(AppUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        if ((await users.GetRolesAsync(user)).FirstOrDefault() is not { } role) return;
        var (id, home, disabled, now) = (user.Id, user.SubscriptionId, user.DisabledAt, clock.GetUtcNow());
        var kept = await db.Memberships.AsNoTracking().OfEverySubscription().SingleOrDefaultAsync(membership => membership.UserId == id && membership.SubscriptionId == home);
        if (kept is not null && (kept.JoinedAt is null || (kept.Role == role && kept.DisabledAt == disabled))) return;
        await audit.InAsync(home, AccountAudit.Anonymous, async (db, _) =>
        {
            if (kept is null) db.Add(new Membership { UserId = id, SubscriptionId = home, Role = role, InvitedAt = now, JoinedAt = now, DisabledAt = disabled });
            else await db.Memberships.Where(membership => membership.UserId == id).ExecuteUpdateAsync(set => set.SetProperty(membership => membership.Role, role).SetProperty(membership => membership.DisabledAt, disabled));
            await db.SaveChangesAsync();
        });
    }
}

using CreditUsage.Data;
using CreditUsage.Domain.People;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Platform.Security;

/// <summary>A clinic that somebody may enter, and their role in it.</summary>
public sealed record OwnClinic(int Id, string Name, string Role, bool RequiresTwoFactor);

/// <summary>The clinics of one person. Read before one is entered, and in one for the others: of every subscription, and of this person alone.</summary>
public sealed class OwnClinics(CreditUsageDb db)
{
    /// <summary>Those that they may enter, the one that they were in last first.</summary>
    public async Task<IReadOnlyList<OwnClinic>> OfAsync(string userId, CancellationToken cancellation = default) =>
        [.. (await AllAsync(userId, cancellation)).Where(found => found.MayEnter).Select(found => found.Clinic)];

    /// <summary>Which clinic's audit has what happens to the account: where a sign-in leads, or would lead.</summary>
    public async Task<int> HomeOfAsync(AppUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return await AllAsync(user.Id, CancellationToken.None) is [var first, ..] ? first.Clinic.Id : user.SubscriptionId;
    }

    /// <summary>Whether the account opens another clinic too, or did before it was disabled there: then no single clinic's Administrator may change the account itself.</summary>
    public Task<bool> AnyElsewhereAsync(string userId, CancellationToken cancellation)
    {
        var here = db.RequireSubscriptionId();
        return db.Memberships.OfEverySubscription().AnyAsync(other => other.UserId == userId && other.SubscriptionId != here && other.JoinedAt != null, cancellation);
    }

    private async Task<IReadOnlyList<Found>> AllAsync(string userId, CancellationToken cancellation)
    {
        var found = await (from membership in db.Memberships.AsNoTracking().OfEverySubscription()
                           where membership.UserId == userId
                           join subscription in db.Subscriptions on membership.SubscriptionId equals subscription.Id
                           select new Found(
                               new OwnClinic(subscription.Id, subscription.Name, membership.Role, subscription.RequiresTwoFactor),
                               membership.JoinedAt != null && membership.DisabledAt == null, membership.EnteredAt, membership.InvitedAt)).ToListAsync(cancellation);
        return [.. found.OrderByDescending(one => one.MayEnter).ThenByDescending(one => one.EnteredAt).ThenBy(one => one.InvitedAt).ThenBy(one => one.Clinic.Id)];
    }

    private sealed record Found(OwnClinic Clinic, bool MayEnter, DateTimeOffset? EnteredAt, DateTimeOffset InvitedAt);
}

/// <summary>Which clinic the session of this request is in: its claims are made anew every minute, and stay with it.</summary>
public sealed class ChosenClinic
{
    private (string UserId, int Clinic)? _chosen;

    public void Choose(string userId, int clinic) => _chosen = (userId, clinic);

    /// <summary>Before a new sign-in, which enters the clinic used last.</summary>
    public void Forget() => _chosen = null;

    /// <summary>Null at a new sign-in.</summary>
    public int? Of(string userId) => _chosen is { } chosen && chosen.UserId == userId ? chosen.Clinic : null;
}

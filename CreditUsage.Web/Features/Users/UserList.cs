using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using CreditUsage.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Users;

/// <summary>Who has a role in the current clinic, or is invited to one.</summary>
public sealed class UserList(CreditUsageDb db, OwnClinics clinics, TimeProvider clock)
{
    public async Task<IReadOnlyList<UserRow>> AllAsync(CancellationToken cancellation)
    {
        var lastSignIns = await db.AuditEntries.Where(entry => entry.Action == AuditAction.SignIn)
            .GroupBy(entry => entry.Subject, (email, entries) => new { Email = email, At = entries.Max(entry => entry.At) })
            .ToDictionaryAsync(last => last.Email, last => last.At, StringComparer.OrdinalIgnoreCase, cancellation);
        var users = await Rows().OrderBy(row => row.User.NormalizedEmail).ToListAsync(cancellation);
        return [.. users.Select(row => ToRow(row, lastSignIns.TryGetValue(row.User.Email!, out var at) ? at : null))];
    }

    public async Task<UserRow?> FindAsync(Guid id, CancellationToken cancellation)
    {
        var key = id.ToString();
        if (await Rows().SingleOrDefaultAsync(row => row.User.Id == key, cancellation) is not { } row) return null;
        var entries = db.AuditEntries.Where(entry => entry.Action == AuditAction.SignIn && entry.Subject == row.User.Email);
        return ToRow(row, await entries.MaxAsync(entry => (DateTimeOffset?)entry.At, cancellation)) with { IsShared = row.Membership.JoinedAt is not null && await clinics.AnyElsewhereAsync(key, cancellation) };
    }

    private IQueryable<Member> Rows() => from membership in db.Memberships.AsNoTracking()
                                         join user in db.Users on membership.UserId equals user.Id
                                         select new Member { Membership = membership, User = user };

    /// <summary>Of an account whose owner has not joined nothing is shown but the invitation.</summary>
    private UserRow ToRow(Member row, DateTimeOffset? lastSignIn)
    {
        var (user, membership) = (row.User, row.Membership);
        return membership.JoinedAt is null
            ? new(Guid.Parse(user.Id), membership.InvitedAs ?? user.Email!, membership.Role, HasJoined: false, membership.DisabledAt, LockedUntil: null, TwoFactor: false, lastSignIn)
            : new(Guid.Parse(user.Id), user.Email!, membership.Role, HasJoined: true, membership.DisabledAt, user.LockoutEnd > clock.GetUtcNow() ? user.LockoutEnd : null, user.TwoFactorEnabled, lastSignIn);
    }

    private sealed class Member
    {
        public required Membership Membership { get; init; }

        public required AppUser User { get; init; }
    }
}

/// <param name="HasJoined">Whether the invitation was taken.</param>
/// <param name="LockedUntil">Null unless the account is locked now.</param>
/// <param name="LastSignIn">From the audit; null when there was none.</param>
public sealed record UserRow(
    Guid Id, string Email, string Role, bool HasJoined, DateTimeOffset? DisabledAt, DateTimeOffset? LockedUntil, bool TwoFactor, DateTimeOffset? LastSignIn)
{
    /// <summary>Whether the account opens another clinic too. Of one user that is looked at alone.</summary>
    public bool IsShared { get; init; }

    public bool IsDisabled => DisabledAt is not null;

    public string State => this switch
    {
        { DisabledAt: { } at } => $"Disabled since {Display.Moment(at)}",
        { HasJoined: false } => "Invited",
        { LockedUntil: { } until } => $"Locked until {Display.Moment(until)}",
        _ => "Active",
    };
}

using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using CreditUsage.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Users;

/// <summary>The current subscription's users. Their table has no query filter, so every query must name the subscription.</summary>
public sealed class UserList(CreditUsageDb db, TimeProvider clock)
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
        return ToRow(row, await entries.MaxAsync(entry => (DateTimeOffset?)entry.At, cancellation));
    }

    private IQueryable<RoleOfUser> Rows()
    {
        var subscription = db.RequireSubscriptionId();
        return from user in db.Users.AsNoTracking()
               where user.SubscriptionId == subscription
               join membership in db.UserRoles on user.Id equals membership.UserId
               join role in db.Roles on membership.RoleId equals role.Id
               select new RoleOfUser { User = user, Role = role.Name! };
    }

    private UserRow ToRow(RoleOfUser row, DateTimeOffset? lastSignIn) => new(
        Guid.Parse(row.User.Id), row.User.Email!, row.Role, row.User.PasswordHash is not null, row.User.DisabledAt,
        row.User.LockoutEnd > clock.GetUtcNow() ? row.User.LockoutEnd : null, row.User.TwoFactorEnabled, lastSignIn);

    private sealed class RoleOfUser
    {
        public required AppUser User { get; init; }

        public required string Role { get; init; }
    }
}

/// <param name="HasPassword">Whether the invitation was taken.</param>
/// <param name="LockedUntil">Null unless the account is locked now.</param>
/// <param name="LastSignIn">From the audit; null when there was none.</param>
public sealed record UserRow(
    Guid Id, string Email, string Role, bool HasPassword, DateTimeOffset? DisabledAt, DateTimeOffset? LockedUntil, bool TwoFactor, DateTimeOffset? LastSignIn)
{
    public bool IsDisabled => DisabledAt is not null;

    public string State => this switch
    {
        { DisabledAt: { } at } => $"Disabled since {Display.Moment(at)}",
        { HasPassword: false } => "Invited",
        { LockedUntil: { } until } => $"Locked until {Display.Moment(until)}",
        _ => "Active",
    };
}

public static class RoleNames
{
    public const string Explained = "A Finance Administrator runs usage, credits, months, alerts, deliveries and accounts; an Administrator also users, API keys, prices and charging. An Auditor only reads.";

    public static string Of(string role) => role == Roles.FinanceAdministrator ? "Finance Administrator" : role;
}

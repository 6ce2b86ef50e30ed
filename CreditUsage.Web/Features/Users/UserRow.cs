using CreditUsage.Core;

namespace CreditUsage.Features.Users;

/// <summary>Somebody of the subscription, as the users page shows them.</summary>
/// <param name="HasPassword">Whether the invitation was taken.</param>
/// <param name="LockedUntil">Null unless the account is locked now.</param>
/// <param name="LastSignIn">By the audit; null when there was none.</param>
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

using CreditUsage.Domain.People;
using Microsoft.AspNetCore.Identity;

namespace CreditUsage.Platform.Security;

/// <summary>A disabled account counts as unconfirmed, which Identity asks at every door.</summary>
public sealed class EnabledAccounts : IUserConfirmation<AppUser>
{
    public Task<bool> IsConfirmedAsync(UserManager<AppUser> manager, AppUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return Task.FromResult(user.DisabledAt is null);
    }
}

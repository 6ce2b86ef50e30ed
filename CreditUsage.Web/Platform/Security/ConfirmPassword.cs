using System.Security.Claims;
using CreditUsage.Data;
using Microsoft.AspNetCore.Identity;

namespace CreditUsage.Platform.Security;

/// <summary>Asks who is signed in for the password once more. Guessing here counts as it does at the sign-in (domain.md rule 10).</summary>
public sealed class ConfirmPassword(UserManager<AppUser> users, PasswordTurns turns)
{
    private const int MostCharacters = 256;

    /// <returns>Whether it is the user's password and the account is not locked.</returns>
    public async Task<bool> IsRightAsync(ClaimsPrincipal who, string? password)
    {
        if (password is not { Length: > 0 and <= MostCharacters } || await users.GetUserAsync(who) is not { } user) return false;
        using var turn = await turns.EnterAsync(user.NormalizedEmail!);
        if (await users.IsLockedOutAsync(user)) return false;
        var right = await users.CheckPasswordAsync(user, password);
        if (right) await users.ResetAccessFailedCountAsync(user);
        else await users.AccessFailedAsync(user);
        return right;
    }
}

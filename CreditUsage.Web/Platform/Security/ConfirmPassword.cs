using System.Security.Claims;

namespace CreditUsage.Platform.Security;

/// <summary>Asks who is signed in for the password once more. Guessing here counts as it does at the sign-in (domain.md rule 10).</summary>
public sealed class ConfirmPassword(AppUserManager users)
{
    private const int MostCharacters = 256;

    /// <returns>Whether it is the user's password and the account is not locked.</returns>
    public async Task<bool> IsRightAsync(ClaimsPrincipal who, string? password) =>
        password is { Length: > 0 and <= MostCharacters } && await users.GetUserAsync(who) is { } user && await users.ConfirmPasswordAsync(user, password);
}

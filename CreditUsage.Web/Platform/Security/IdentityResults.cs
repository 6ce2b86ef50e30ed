using Microsoft.AspNetCore.Identity;

namespace CreditUsage.Platform.Security;

/// <summary>For changes that only somebody else's at the same moment can keep from being made.</summary>
public static class IdentityResults
{
    /// <exception cref="InvalidOperationException">The change was not made.</exception>
    public static async Task MustAsync(this Task<IdentityResult> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var result = await change;
        if (!result.Succeeded) throw new InvalidOperationException(string.Join(' ', result.Errors.Select(error => error.Description)));
    }
}

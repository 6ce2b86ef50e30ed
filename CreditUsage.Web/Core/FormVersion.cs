using System.Security.Cryptography;
using System.Text;
using CreditUsage.Platform;

namespace CreditUsage.Core;

/// <summary>A settings form carries the version of the values that it showed, so that it never overwrites what somebody else saved meanwhile.</summary>
public static class FormVersion
{
    /// <param name="shown">A record or a text of all values; null where none are stored.</param>
    public static string Of(object? shown) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(shown?.ToString() ?? "")))[..16];

    /// <summary>Call it in the transaction that writes.</summary>
    /// <param name="version">The form's; null where it has none.</param>
    /// <exception cref="SavedMeanwhileException">Other values are stored now.</exception>
    public static void Require(string? version, object? stored)
    {
        if (version != Of(stored)) throw new SavedMeanwhileException();
    }
}

public sealed class SavedMeanwhileException() : UserFacingException("Someone else saved this while you were editing, so your changes were not saved. Compare the two and save again.");

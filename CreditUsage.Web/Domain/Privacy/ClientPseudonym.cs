using System.Security.Cryptography;

namespace CreditUsage.Domain.Privacy;

/// <summary>What stands for a client for good: drawn by lot, so that nothing leads from it to the client.</summary>
public static class ClientPseudonym
{
    private const string Start = "Anonymised-";

    /// <summary>Without those that are taken for each other.</summary>
    private const string Letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    /// <summary>An id such as "Anonymised-7F3K" that is not among those taken, and is taken from now on.</summary>
    public static string Draw(ISet<string> taken)
    {
        ArgumentNullException.ThrowIfNull(taken);
        for (var length = 4; ; length++)
            for (var tries = 0; tries < 20; tries++)
                if (Start + RandomNumberGenerator.GetString(Letters, length) is var code && taken.Add(code)) return code;
    }

    public static bool IsOne(string clientId)
    {
        ArgumentNullException.ThrowIfNull(clientId);
        return clientId.StartsWith(Start, StringComparison.Ordinal);
    }

    /// <summary>"Anonymised 7F3K".</summary>
    public static string NameOf(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return code.Replace('-', ' ');
    }
}

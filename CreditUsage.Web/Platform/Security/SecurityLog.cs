namespace CreditUsage.Platform.Security;

/// <summary>Refusals that belong to no account's audit, for the server's log: never an address, a password or a key, and no text of whoever asked.</summary>
public sealed partial class SecurityLog(ILogger<SecurityLog> log)
{
    [LoggerMessage(LogLevel.Warning, "A sign-in was refused: no account has the address")]
    public partial void UnknownAccount();

    /// <param name="user">Its id.</param>
    /// <param name="endpoint">As the site calls it.</param>
    [LoggerMessage(LogLevel.Warning, "Access was refused: user {User} may not {Method} {Endpoint}")]
    public partial void RefusedAccess(string? user, string method, string? endpoint);

    [LoggerMessage(LogLevel.Warning, "A call was refused: it had no key of this site")]
    public partial void UnknownKey();

    /// <param name="key">The id of the key whose prefix it had.</param>
    [LoggerMessage(LogLevel.Warning, "A call was refused: it named key {Key} with a wrong secret, or after the key was revoked or had expired")]
    public partial void RefusedKey(int key);

    [LoggerMessage(LogLevel.Warning, "A call was refused: key {Key} of the scope {Scope} may not do {Endpoint}")]
    public partial void RefusedScope(string? key, string? scope, string? endpoint);
}

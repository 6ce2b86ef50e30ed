namespace CreditUsage.Domain.Auditing;

/// <summary>Appended, never changed: each entry's hash covers the one before (<c>AuditChain</c>).</summary>
public sealed class AuditEntry : IOwnedBySubscription
{
    public long Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>1 for the subscription's first, without gaps.</summary>
    public required long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>An e-mail address, a key's name, a verb or the site itself.</summary>
    public required string Actor { get; init; }

    public required AuditAction Action { get; init; }

    /// <summary>Such as "October 2026"; never a client's name.</summary>
    public required string Subject { get; init; }

    public required string Detail { get; init; }

    public required string PreviousHash { get; init; }

    public required string Hash { get; init; }
}

/// <summary>The numbers are stored and hashed: they never change.</summary>
public enum AuditAction
{
    SignIn = 1,
    SignInFailed = 2,
    Lock = 3,
    Unlock = 4,
    SignOut = 5,
    Run = 10,
    View = 11,
    Export = 12,
    Save = 13,
    Remove = 14,
    Deliver = 15,
    ApiRead = 16,
    Import = 20,
    ApiIngest = 21,
    Charge = 22,
    Schedule = 23,
    Correction = 24,
    Price = 30,
    Ledger = 31,
    Proof = 32,
    Close = 40,
    Reopen = 41,
    Key = 50,
    User = 51,
    Setting = 52,
    Anonymise = 53,
}

public static class AuditLabels
{
    public static readonly IReadOnlyList<AuditAction> Actions = Enum.GetValues<AuditAction>();

    public static string Of(AuditAction action) => action switch
    {
        AuditAction.SignIn => "Sign-in",
        AuditAction.SignInFailed => "Failed sign-in",
        AuditAction.SignOut => "Sign-out",
        AuditAction.ApiRead => "Read by API",
        AuditAction.ApiIngest => "Usage by API",
        AuditAction.Charge => "Daily charge",
        AuditAction.Ledger => "Ledger entry",
        AuditAction.Proof => "Balance proof",
        AuditAction.Close => "Close month",
        AuditAction.Reopen => "Reopen month",
        AuditAction.Key => "API key",
        _ => action.ToString(),
    };
}

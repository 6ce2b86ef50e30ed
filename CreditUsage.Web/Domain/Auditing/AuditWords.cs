namespace CreditUsage.Domain.Auditing;

/// <summary>How actions are called on screen and in files.</summary>
public static class AuditWords
{
    /// <summary>Every action, as they are offered for choice.</summary>
    public static readonly IReadOnlyList<AuditAction> Actions = Enum.GetValues<AuditAction>();

    public static string Of(AuditAction action) => action switch
    {
        AuditAction.SignIn => "Sign-in",
        AuditAction.SignInFailed => "Failed sign-in",
        AuditAction.SignOut => "Sign-out",
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

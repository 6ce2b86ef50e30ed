namespace CreditUsage.Platform.Security;

/// <summary>The roles that a user can have, and what they may do.</summary>
public static class Roles
{
    public const string FinanceAdministrator = nameof(FinanceAdministrator);
    public const string Administrator = nameof(Administrator);

    /// <summary>Reads everything and changes nothing.</summary>
    public const string Auditor = nameof(Auditor);

    public static readonly IReadOnlyList<string> All = [FinanceAdministrator, Administrator, Auditor];

    /// <summary>The policy for what leaves something behind, such as a saved report.</summary>
    public const string MayChange = nameof(MayChange);

    /// <summary>The policy for users, keys, settings and reopening a month: Administrators.</summary>
    public const string MayAdminister = nameof(MayAdminister);

    /// <summary>The policy for the audit: Administrators and Auditors.</summary>
    public const string MayAudit = nameof(MayAudit);
}

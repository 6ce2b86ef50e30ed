using CreditUsage.Platform.Security;

namespace CreditUsage.Features.Users;

/// <summary>The roles in words.</summary>
public static class RoleNames
{
    public const string Explained = "A Finance Administrator runs and changes reports, an Administrator also users and settings; an Auditor reads everything and changes nothing.";

    public static string Of(string role) => role == Roles.FinanceAdministrator ? "Finance Administrator" : role;
}

using CreditUsage.Platform.Security;

namespace CreditUsage.Features.Users;

/// <summary>The roles in words.</summary>
public static class RoleNames
{
    public const string Explained = "A Finance Administrator keeps usage, credits and months; an Administrator also users, keys and settings. An Auditor reads all and changes nothing.";

    public static string Of(string role) => role == Roles.FinanceAdministrator ? "Finance Administrator" : role;
}

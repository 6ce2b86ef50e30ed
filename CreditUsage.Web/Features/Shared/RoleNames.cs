using CreditUsage.Platform.Security;

namespace CreditUsage.Features.Shared;

public static class RoleNames
{
    public const string Explained = "A Finance Administrator runs usage, credits, months, alerts, deliveries and accounts; an Administrator also users, API keys, prices and charging. An Auditor only reads.";

    public static string Of(string role) => role == Roles.FinanceAdministrator ? "Finance Administrator" : role;
}

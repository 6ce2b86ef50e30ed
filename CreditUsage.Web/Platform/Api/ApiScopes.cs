namespace CreditUsage.Platform.Api;

/// <summary>What a key may do: exactly one of these, which is also the name of the policy that asks for it.</summary>
public static class ApiScopes
{
    public const string WriteUsage = "usage:write";
    public const string ReadReports = "reports:read";

    public static readonly IReadOnlyList<string> All = [WriteUsage, ReadReports];
}

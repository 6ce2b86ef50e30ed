namespace CreditUsage.Tests.Platform.Security.Routes;

/// <summary>What each role gets of a route. Every static list of these in this namespace is part of the table.</summary>
/// <param name="Path">An address of the route.</param>
internal sealed record RouteRow(string Method, string Route, string Path, string Stranger, string Auditor, string Finance, string Administrator);

/// <summary>What somebody gets.</summary>
internal static class RouteOutcome
{
    public const string In = "in";
    public const string SignIn = "sign in";
    public const string Denied = "denied";
}

namespace CreditUsage.Domain.Usage;

public enum UsageKind
{
    ConnectedSession = 1,
    DailyTopUp = 2,
}

public static class UsageKinds
{
    public const string ConnectedSession = "connected-session";
    public const string DailyTopUp = "daily-top-up";

    /// <summary>As in CSV and JSON.</summary>
    public static string Code(this UsageKind kind) => kind == UsageKind.ConnectedSession ? ConnectedSession : DailyTopUp;

    /// <summary>As on page and paper.</summary>
    public static string Label(this UsageKind kind) => kind == UsageKind.ConnectedSession ? "Connected session" : "Daily top-up";
}

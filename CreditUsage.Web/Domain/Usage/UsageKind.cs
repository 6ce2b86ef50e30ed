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

    public static string Code(this UsageKind kind) => kind == UsageKind.ConnectedSession ? ConnectedSession : DailyTopUp;

    public static string Label(this UsageKind kind) => kind == UsageKind.ConnectedSession ? "Connected session" : "Daily top-up";
}

namespace CreditUsage.Domain.Usage;

/// <summary>The two kinds of usage event.</summary>
public enum UsageKind
{
    ConnectedSession = 1,
    DailyTopUp = 2,
}

/// <summary>The names of the kinds: as files write them and as people read them.</summary>
public static class UsageKinds
{
    public const string ConnectedSession = "connected-session";
    public const string DailyTopUp = "daily-top-up";

    /// <summary>The name in CSV and JSON.</summary>
    public static string Code(this UsageKind kind) => kind == UsageKind.ConnectedSession ? ConnectedSession : DailyTopUp;

    /// <summary>The name on page and paper.</summary>
    public static string Label(this UsageKind kind) => kind == UsageKind.ConnectedSession ? "Connected session" : "Daily top-up";
}

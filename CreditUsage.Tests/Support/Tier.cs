namespace CreditUsage.Tests.Support;

/// <summary>How much is done: script/test looks at the same things as script/test exhaustive, a smaller number of times.</summary>
public static class Tier
{
    public static bool Exhaustive { get; } = Environment.GetEnvironmentVariable("CREDITUSAGE_EXHAUSTIVE") == "1";

    /// <summary>The number for this run.</summary>
    public static int Times(int quick, int exhaustive) => Exhaustive ? exhaustive : quick;
}

namespace CreditUsage.Core.Jobs;

/// <summary>How much waits at most, and how it is told that nobody makes a report any more.</summary>
public sealed record ReportJobLimits
{
    /// <summary>Reports that wait or are made, of all subscriptions together.</summary>
    public int MostInQueue { get; init; } = 20;

    /// <summary>How often one report is begun at most.</summary>
    public int MostAttempts { get; init; } = 2;

    /// <summary>How long whoever makes a report is believed to be alive without a sign.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often that sign is given.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often at most the rows that are done are told.</summary>
    public TimeSpan Tell { get; init; } = TimeSpan.FromMilliseconds(250);
}

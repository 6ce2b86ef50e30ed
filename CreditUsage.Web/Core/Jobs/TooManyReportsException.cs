using CreditUsage.Platform;

namespace CreditUsage.Core.Jobs;

/// <summary>There is no room for another report in the background at the moment. The message says so, and what to do.</summary>
public sealed class TooManyReportsException : UserFacingException
{
    /// <summary>When it is worth trying again.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    /// <param name="most">How many may wait or be made.</param>
    /// <param name="room">How many more there is room for.</param>
    /// <param name="asked">How many new ones were asked for.</param>
    public TooManyReportsException(int most, int room, int asked) : base(room <= 0
        ? $"{most} reports are waiting or being made already, and no more may wait. Try again in a few minutes."
        : $"There is room for {room} more {(room == 1 ? "report" : "reports")} at the moment, and you asked for {asked}. Choose fewer months, or try again in a few minutes.")
    {
    }
}

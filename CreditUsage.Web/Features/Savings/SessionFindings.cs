using CreditUsage.Core;
using CreditUsage.Features.Schedules;

namespace CreditUsage.Features.Savings;

/// <summary>Sessions that began before an earlier one of the same client was over.</summary>
internal static class OverlappingSessions
{
    public static IEnumerable<MoneyFinding> Of(MonthUsage usage) => usage.Sessions
        .Where(session => session.Row.ClientId is not null && session.Minutes > 0)
        .GroupBy(session => usage.ClientOf(session.Row.ClientId), StringComparer.Ordinal)
        .SelectMany(Pairs)
        .OrderBy(pair => pair.Later.Row.OccurredAt).ThenBy(pair => pair.Later.Row.EventId, StringComparer.Ordinal)
        .Select(pair => new MoneyFinding(MoneyFindingKind.Overlap, pair.Later.Row.EventId, pair.Later.Row.ClientShown, Said(pair.Earlier, pair.Later), pair.Later.CostPence));

    /// <summary>Each with the one before it that ends last.</summary>
    private static IEnumerable<(StandingSession Earlier, StandingSession Later)> Pairs(IEnumerable<StandingSession> ofClient)
    {
        StandingSession? last = null;
        foreach (var session in ofClient.OrderBy(session => session.Row.OccurredAt).ThenBy(session => session.Row.EventId, StringComparer.Ordinal))
        {
            if (last is not null && session.Row.OccurredAt < last.Ends) yield return (last, session);
            if (last is null || session.Ends > last.Ends) last = session;
        }
    }

    private static string Said(StandingSession earlier, StandingSession later) =>
        $"{Display.Count(Minutes(earlier, later), "minute", "minutes")} of {Words(later)} fell into {Words(earlier)}.";

    private static string Words(StandingSession session) =>
        $"the session of {Display.Moment(session.Row.OccurredAt)} ({Display.Count(session.Minutes, "minute", "minutes")}, {session.Row.Program} with {session.Row.Staff})";

    /// <summary>Begun minutes count.</summary>
    private static long Minutes(StandingSession earlier, StandingSession later) => (((earlier.Ends < later.Ends ? earlier.Ends : later.Ends) - later.Row.OccurredAt).Ticks + TimeSpan.TicksPerMinute - 1) / TimeSpan.TicksPerMinute;
}

using CreditUsage.Core;
using CreditUsage.Core.Report;

namespace CreditUsage.Features.Savings;

/// <summary>Minutes that sessions paid for and did not use, put together by whoever might do something about it.</summary>
internal static class UnusedMinutes
{
    public static IEnumerable<MoneyFinding> Of(MonthUsage usage) =>
    [
        .. By(usage, MoneyFindingKind.UnusedByStaff, NameKind.Staff, session => session.Row.StaffMemberId),
        .. By(usage, MoneyFindingKind.UnusedByProgram, NameKind.Program, session => session.Row.ProgramId),
    ];

    private static IEnumerable<MoneyFinding> By(MonthUsage usage, MoneyFindingKind kind, NameKind named, Func<StandingSession, int> id)
    {
        var groups = usage.Sessions.GroupBy(session => usage.Names.Of(named, id(session))!.Owner, StringComparer.Ordinal)
            .Select(group => (Owner: group.Key, Name: usage.Names.Of(named, group.Max(id))!.Name, Sessions: group.ToList())).ToList();
        var shared = groups.GroupBy(group => group.Name, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => same.Key).ToHashSet(StringComparer.Ordinal);
        return groups.Where(group => group.Sessions.Exists(session => session.UnusedMinutes > 0))
            .Select(group => new MoneyFinding(kind, group.Owner, shared.Contains(group.Name) ? $"{group.Name} ({group.Owner})" : group.Name, Said(group.Sessions), Pence(group.Sessions, session => session.UnusedPence)))
            .OrderByDescending(finding => finding.Pence).ThenBy(finding => finding.About, StringComparer.Ordinal);
    }

    private static string Said(List<StandingSession> sessions) =>
        $"{Display.Number(sessions.Sum(session => (long)session.UnusedMinutes))} of {Display.Count(sessions.Sum(session => (long)session.PaidMinutes), "paid minute was", "paid minutes were")} not used, "
        + $"in {Display.Number(sessions.Count(session => session.UnusedMinutes > 0))} of {Display.Count(sessions.Count, "session", "sessions")}, which cost {Display.Pounds(Pence(sessions, session => session.CostPence))} together.";

    /// <summary>A part of the money would read as the whole.</summary>
    private static long? Pence(List<StandingSession> sessions, Func<StandingSession, long?> of) => sessions.Exists(session => of(session) is null) ? null : sessions.Sum(of);
}

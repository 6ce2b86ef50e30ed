using CreditUsage.Core;
using CreditUsage.Core.Report;

namespace CreditUsage.Features.Savings;

/// <summary>Sessions that began before an earlier one of the same client was over.</summary>
internal static class OverlappingSessions
{
    public static IEnumerable<SavingsFinding> Of(MonthUsage usage) => usage.Sessions
        .Where(session => session.Row.ClientId is not null && session.Minutes > 0)
        .GroupBy(session => usage.ClientOf(session.Row.ClientId), StringComparer.Ordinal)
        .SelectMany(Pairs)
        .OrderBy(pair => pair.Later.Row.OccurredAt).ThenBy(pair => pair.Later.Row.EventId, StringComparer.Ordinal)
        .Select(pair => new SavingsFinding(SavingsFindingKind.Overlap, pair.Later.Row.EventId, pair.Later.Row.ClientOrCard, Message(pair.Earlier, pair.Later), pair.Later.CostPence));

    private static IEnumerable<(CorrectedSession Earlier, CorrectedSession Later)> Pairs(IEnumerable<CorrectedSession> ofClient)
    {
        CorrectedSession? last = null;
        foreach (var session in ofClient.OrderBy(session => session.Row.OccurredAt).ThenBy(session => session.Row.EventId, StringComparer.Ordinal))
        {
            if (last is not null && session.Row.OccurredAt < last.Ends) yield return (last, session);
            if (last is null || session.Ends > last.Ends) last = session;
        }
    }

    private static string Message(CorrectedSession earlier, CorrectedSession later) =>
        $"{Display.Count(Minutes(earlier, later), "minute", "minutes")} of {Describe(later)} overlap {Describe(earlier)}.";

    private static string Describe(CorrectedSession session) =>
        $"the session of {Display.Moment(session.Row.OccurredAt)} ({Display.Count(session.Minutes, "minute", "minutes")}, {session.Row.Program} with {session.Row.Staff})";

    /// <summary>Begun minutes count.</summary>
    private static long Minutes(CorrectedSession earlier, CorrectedSession later) => (((earlier.Ends < later.Ends ? earlier.Ends : later.Ends) - later.Row.OccurredAt).Ticks + TimeSpan.TicksPerMinute - 1) / TimeSpan.TicksPerMinute;
}

/// <summary>Minutes that were paid for and not used, by staff member and program.</summary>
internal static class UnusedMinutes
{
    public static IEnumerable<SavingsFinding> Of(MonthUsage usage) =>
    [
        .. By(usage, SavingsFindingKind.UnusedByStaff, NameKind.Staff, session => session.Row.StaffMemberId),
        .. By(usage, SavingsFindingKind.UnusedByProgram, NameKind.Program, session => session.Row.ProgramId),
    ];

    private static IEnumerable<SavingsFinding> By(MonthUsage usage, SavingsFindingKind kind, NameKind named, Func<CorrectedSession, int> id)
    {
        var groups = usage.Sessions.GroupBy(session => usage.Names.Of(named, id(session))!.Owner, StringComparer.Ordinal)
            .Select(group => (Owner: group.Key, Name: usage.Names.Of(named, group.Max(id))!.Name, Sessions: group.ToList())).ToList();
        var namesakes = new Namesakes(groups.Select(group => group.Name));
        return groups.Where(group => group.Sessions.Exists(session => session.UnusedMinutes > 0))
            .Select(group => new SavingsFinding(kind, group.Owner, namesakes.Title(group.Name, group.Owner), Message(group.Sessions), Pence(group.Sessions, session => session.UnusedPence)) { FormerSubject = named == NameKind.Program ? group.Name : null })
            .OrderByDescending(finding => finding.Pence).ThenBy(finding => finding.About, StringComparer.Ordinal);
    }

    private static string Message(List<CorrectedSession> sessions) =>
        $"{Display.Number(sessions.Sum(session => (long)session.UnusedMinutes))} of {Display.Count(sessions.Sum(session => (long)session.PaidMinutes), "paid minute was", "paid minutes were")} not used, "
        + $"in {Display.Number(sessions.Count(session => session.UnusedMinutes > 0))} of {Display.Count(sessions.Count, "session", "sessions")}, which cost {Display.Pounds(Pence(sessions, session => session.CostPence))} in total.";

    /// <summary>Null where one has no price: a partial sum would read as the whole.</summary>
    private static long? Pence(List<CorrectedSession> sessions, Func<CorrectedSession, long?> of) => sessions.Exists(session => of(session) is null) ? null : sessions.Sum(of);
}

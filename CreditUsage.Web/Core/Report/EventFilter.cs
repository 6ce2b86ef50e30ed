using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Report;

internal static class EventFilter
{
    public static IQueryable<UsageEvent> Of(CreditUsageDb db, ReportFilter filter, UsageMonth first, NameDictionary? names)
    {
        var events = db.UsageEvents.AsNoTracking();
        var months = first == filter.Month ? events.Where(usage => usage.ReportMonth == filter.Month) : events.Where(usage => usage.ReportMonth >= first && usage.ReportMonth <= filter.Month);
        if (filter.Edition?.RecordedUntil is { } until) months = months.Where(usage => db.UsageIntakes.Any(intake => intake.Id == usage.IntakeId && intake.RecordedAt <= until));
        var kinds = (filter.Sessions, filter.TopUps) switch
        {
            (true, true) => months,
            (true, false) => months.Where(usage => usage.Kind == UsageKind.ConnectedSession),
            _ => months.Where(usage => usage.Kind == UsageKind.DailyTopUp),
        };
        return filter.Rows == RowFilter.None ? kinds : By(kinds, filter, db, names);
    }

    private static IQueryable<UsageEvent> By(IQueryable<UsageEvent> events, ReportFilter filter, CreditUsageDb db, NameDictionary? names)
    {
        var rows = filter.Rows;
        if (rows.Staff.ToList() is { Count: > 0 } staff) events = events.Where(usage => db.StaffMembers.Where(known => staff.Contains(known.StaffId)).Select(known => known.Id).Contains(usage.StaffMemberId));
        if (rows.Client.Count > 0) events = OfClients(events, filter, db, names);
        if (rows.Program.Count > 0) events = OfPrograms(events, db, rows.Program);
        if (rows.Device.ToList() is { Count: > 0 } devices) events = events.Where(usage => usage.TopUpDeviceId != null && db.TopUpDevices.Where(known => devices.Contains(known.DeviceId)).Select(known => known.Id).Contains(usage.TopUpDeviceId.Value));
        if (rows.From is { } from) events = events.Where(usage => usage.ServiceDate >= from);
        if (rows.To is { } to) events = events.Where(usage => usage.ServiceDate <= to);
        return rows.Text is { } text ? Containing(events, text, names!) : events;
    }

    public static IQueryable<UsageEvent> OfProgram(IQueryable<UsageEvent> events, CreditUsageDb db, string name) =>
        events.Where(usage => db.Programs.Where(known => known.Name == name).Select(known => known.Id).Contains(usage.ProgramId));

    private static IQueryable<UsageEvent> OfPrograms(IQueryable<UsageEvent> events, CreditUsageDb db, FilterValues keys)
    {
        var (rows, names) = (keys.Select(ProgramKey.RowOf).OfType<int>().ToList(), keys.Where(key => ProgramKey.RowOf(key) is null).ToList());
        return names.Count == 0 ? events.Where(usage => rows.Contains(usage.ProgramId))
            : events.Where(usage => rows.Contains(usage.ProgramId) || db.Programs.Where(known => names.Contains(known.Name)).Select(known => known.Id).Contains(usage.ProgramId));
    }

    private static IQueryable<UsageEvent> OfClients(IQueryable<UsageEvent> events, ReportFilter filter, CreditUsageDb db, NameDictionary? names)
    {
        var (keys, none) = (filter.Rows.Client.Where(key => key != RowFilter.NoClient).ToList(), filter.Rows.Client.Contains(RowFilter.NoClient));
        if (keys.Count == 0) return events.Where(usage => usage.ClientId == null);
        var rows = filter.ForAccountant ? names!.RowsOf(NameKind.Client, keys) : [];
        var clients = filter.ForAccountant ? db.Clients.Where(known => EF.Parameter(rows).Contains(known.Id)) : db.Clients.Where(known => keys.Contains(known.ClientId));
        return none ? events.Where(usage => usage.ClientId == null || clients.Select(known => known.Id).Contains(usage.ClientId.Value))
            : events.Where(usage => usage.ClientId != null && clients.Select(known => known.Id).Contains(usage.ClientId.Value));
    }

    public static IQueryable<UsageEvent> OfGroups(IQueryable<UsageEvent> events, UsageGroupBy by, IReadOnlyList<UsageSum> sums)
    {
        var (ids, none) = (sums.Where(sum => sum.Id is not null).Select(sum => sum.Id!.Value).Distinct().ToList(), sums.Any(sum => sum.Id is null));
        var days = sums.Select(sum => sum.Day).Distinct().ToList();
        var kinds = sums.Select(sum => sum.Kind).Distinct().ToList();
        return by switch
        {
            UsageGroupBy.Day or UsageGroupBy.Week => events.Where(usage => EF.Parameter(days).Contains(usage.ServiceDate)),
            UsageGroupBy.Staff => events.Where(usage => EF.Parameter(ids).Contains(usage.StaffMemberId)),
            UsageGroupBy.Client => events.Where(usage => usage.ClientId == null ? none : EF.Parameter(ids).Contains(usage.ClientId.Value)),
            UsageGroupBy.Program => events.Where(usage => EF.Parameter(ids).Contains(usage.ProgramId)),
            UsageGroupBy.Device => events.Where(usage => usage.TopUpDeviceId == null ? none : EF.Parameter(ids).Contains(usage.TopUpDeviceId.Value)),
            _ => events.Where(usage => kinds.Contains(usage.Kind)),
        };
    }

    /// <summary>Names are searched in memory, since the database ignores case only in ASCII and accents not at all.</summary>
    private static IQueryable<UsageEvent> Containing(IQueryable<UsageEvent> events, string text, NameDictionary names)
    {
        var (staff, clients, programs, devices) = (names.Containing(NameKind.Staff, text), names.Containing(NameKind.Client, text), names.Containing(NameKind.Program, text), names.Containing(NameKind.Device, text));
        return events.Where(usage => EF.Parameter(staff).Contains(usage.StaffMemberId) || (usage.ClientId != null && EF.Parameter(clients).Contains(usage.ClientId.Value))
            || EF.Parameter(programs).Contains(usage.ProgramId) || (usage.TopUpDeviceId != null && EF.Parameter(devices).Contains(usage.TopUpDeviceId.Value)) || usage.EventId.Contains(text));
    }
}

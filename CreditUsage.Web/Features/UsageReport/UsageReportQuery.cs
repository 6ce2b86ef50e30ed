using System.Runtime.CompilerServices;
using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Features.UsageReport.Explain;
using CreditUsage.Features.UsageReport.Groups;
using CreditUsage.Features.UsageReport.Narrowing;
using CreditUsage.Features.UsageReport.Pictures;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.UsageReport;

/// <summary>
/// Runs a report. Totals are summed by the database; rows come from the month's covering index without joins and get their
/// names from a small dictionary. Everything read after <see cref="RunAsync"/> is of the same instant.
/// </summary>
public sealed class UsageReportQuery(CreditUsageDb db, TimeProvider clock)
{
    /// <summary>Rows of a numbered page, and of the first answer.</summary>
    public const int PageRows = 1000;

    /// <summary>Rows that follow as the reader nears the end.</summary>
    public const int MoreRows = 500;

    private Subscription? _subscription;
    private Guid? _instant;
    private ClosedMonths? _closed;
    private (UsageReportFilter Of, UsageNames Names)? _names;
    private (UsageReportFilter Of, UsageGroups Groups)? _groups;

    /// <summary>The months that can be asked for.</summary>
    public async Task<ReportableMonths> MonthsAsync(CancellationToken cancellation) =>
        new((await SubscriptionAsync(cancellation)).StartsOn, clock.GetUtcNow());

    /// <summary>The totals of a valid filter, of the transaction at hand or else of a snapshot that begins here.</summary>
    public async Task<CreditUsageReport> RunAsync(UsageReportFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (db.Database.CurrentTransaction is null) await db.BeginSnapshotAsync(cancellation);
        ForgetOtherInstants();
        var sums = await UsageSum.ByAsync(await EventsAsync(filter, cancellation), filter.GroupBy, cancellation);
        var (sessions, topUps) = (Of(UsageKind.ConnectedSession), Of(UsageKind.DailyTopUp));
        var now = clock.GetUtcNow();
        var names = filter.GroupBy is not null || filter.Narrowed != UsageNarrowing.None ? await NamesAsync(filter, cancellation) : null;
        if (filter.GroupBy is not null) _groups = (filter, new UsageGroups(filter, sums, names!));
        return new CreditUsageReport(await SubscriptionAsync(cancellation), filter, sessions, topUps, (_closed ??= await ClosedMonths.LoadAsync(db, cancellation)).StateOf(filter.Month, now), now)
        {
            Groups = _groups?.Groups.All,
            Criteria = UsageCriteria.Of(filter, names),
        };

        UsageTotal Of(UsageKind kind) => sums.Where(sum => sum.Kind == kind).Aggregate(UsageTotal.Nothing, (total, sum) => total + sum.Total);
    }

    /// <summary>How many rows a valid filter has at the moment.</summary>
    public async Task<int> RowCountAsync(UsageReportFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return await (await EventsAsync(filter, cancellation)).CountAsync(cancellation);
    }

    /// <summary>Every row, in the filter's order. The report's own order streams; another is sorted in memory.</summary>
    public async IAsyncEnumerable<UsageRow> RowsAsync(UsageReportFilter filter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var find = await FindAsync(filter, cancellation);
        var events = InOrder(await EventsAsync(filter, cancellation));
        if (filter is { Sort: var sort, GroupBy: null } && sort == UsageSort.Default)
        {
            await foreach (var found in events.AsAsyncEnumerable().WithCancellation(cancellation)) yield return find.Row(found);
            yield break;
        }
        var rows = await events.AsAsyncEnumerable().Select(find.Row).ToListAsync(cancellation);
        foreach (var row in Put(rows, filter, await GroupsAsync(filter, cancellation))) yield return row;
    }

    /// <summary>The rows for the screen, from a position on, and whether more follow.</summary>
    public async Task<UsagePage> PageAsync(UsageReportFilter filter, UsagePosition position, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(position);
        var take = position.AfterEventId is null ? PageRows : MoreRows;
        var rows = filter switch
        {
            { SubtotalsOnly: true } => [],
            { GroupBy: not null } => await FromGroupsAsync(filter, position, take + 1, cancellation),
            { Sort: var sort } when sort == UsageSort.Default => await FromIndexAsync(filter, position, take + 1, cancellation),
            _ => From(await RowsAsync(filter, cancellation).ToListAsync(cancellation), position, take + 1),
        };
        return new UsagePage(rows.Take(take).ToList(), HasMore: rows.Count > take);
    }

    /// <summary>What a month's usage can be narrowed to.</summary>
    public async Task<UsageChoices> ChoicesAsync(UsageReportFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var found = await db.UsageEvents.AsNoTracking().Where(usage => usage.ReportMonth == filter.Month)
            .Select(usage => new { usage.StaffMemberId, usage.ClientId, usage.ProgramId, usage.TopUpDeviceId }).Distinct().ToListAsync(cancellation);
        return UsageChoices.Of(
            await NamesAsync(filter, cancellation), filter, found.Select(ids => ids.StaffMemberId), found.Select(ids => ids.ClientId), found.Select(ids => ids.ProgramId), found.Select(ids => ids.TopUpDeviceId));
    }

    /// <summary>The groups of a report by staff member, by program and by day, of the same instant as the one that was run.</summary>
    internal async Task<PicturedGroups> PicturedAsync(UsageReportFilter filter, CancellationToken cancellation) =>
        new(filter, await UsageSum.PartsAsync(await EventsAsync(filter, cancellation), cancellation), await NamesAsync(filter, cancellation));

    /// <summary>What each month up to the filter's came to, by device.</summary>
    internal async Task<List<MonthSum>> ByMonthAsync(UsageReportFilter filter, UsageMonth first, CancellationToken cancellation) =>
        await (await EventsAsync(filter, cancellation, first)).GroupBy(usage => new { usage.ReportMonth, usage.TopUpDeviceId })
            .Select(group => new MonthSum(
                group.Key.ReportMonth, group.Key.TopUpDeviceId,
                group.Sum(usage => usage.Kind != UsageKind.DailyTopUp || usage.Correction == CorrectionKind.Adjustment ? 0 : usage.Correction == null ? 1 : -1),
                group.Sum(usage => (long)usage.Credits), group.Sum(usage => usage.CostPence ?? 0), group.Count(usage => usage.CostPence == null)))
            .ToListAsync(cancellation);

    /// <summary>The ten digits of each device's row, and what it is called.</summary>
    internal async Task<IReadOnlyDictionary<int, (string Id, string Title)>> DeviceTitlesAsync(UsageReportFilter filter, CancellationToken cancellation) =>
        (await NamesAsync(filter, cancellation)).All(NameKind.Device).ToDictionary(device => device.Id, device => (device.Owner, $"{device.Owner} {device.Name}".TrimEnd()));

    /// <summary>What was charged at each price.</summary>
    internal async Task<List<UsageAtPrice>> AtPricesAsync(UsageReportFilter filter, CancellationToken cancellation) =>
        await (await EventsAsync(filter, cancellation)).GroupBy(usage => usage.UnitPriceMicros)
            .Select(price => new UsageAtPrice(price.Key, price.Count(), price.Sum(usage => (long)usage.Credits), price.Sum(usage => usage.CostPence ?? 0), price.Count(usage => usage.CostPence == null)))
            .ToListAsync(cancellation);

    /// <summary>What was read of an earlier instant says nothing of this one.</summary>
    private void ForgetOtherInstants()
    {
        var instant = db.Database.CurrentTransaction!.TransactionId;
        if (_instant != instant) (_closed, _names, _groups) = (null, null, null);
        _instant = instant;
    }

    internal async Task<Subscription> SubscriptionAsync(CancellationToken cancellation) =>
        _subscription ??= await db.Subscriptions.AsNoTracking().SingleAsync(subscription => subscription.Id == db.SubscriptionId, cancellation);

    internal async Task<UsageNames> NamesAsync(UsageReportFilter filter, CancellationToken cancellation)
    {
        if (_names is not { } known || (known.Of.ForAccountant, known.Of.ProgramsHidden) != (filter.ForAccountant, filter.ProgramsHidden))
            _names = known = (filter, await UsageNames.LoadAsync(db, filter, cancellation));
        return known.Names;
    }

    private async Task<UsageGroups?> GroupsAsync(UsageReportFilter filter, CancellationToken cancellation)
    {
        if (filter.GroupBy is null) return null;
        if (_groups is not { } known || known.Of != filter)
            _groups = known = (filter, new UsageGroups(filter, await UsageSum.ByAsync(await EventsAsync(filter, cancellation), filter.GroupBy, cancellation), await NamesAsync(filter, cancellation)));
        return known.Groups;
    }

    private async Task<FindRows> FindAsync(UsageReportFilter filter, CancellationToken cancellation) => new(filter, await NamesAsync(filter, cancellation));

    /// <param name="first">The first of several months; null for the filter's own alone.</param>
    private async Task<IQueryable<UsageEvent>> EventsAsync(UsageReportFilter filter, CancellationToken cancellation, UsageMonth? first = null)
    {
        var events = db.UsageEvents.AsNoTracking();
        var month = first is { } from ? events.Where(usage => usage.ReportMonth >= from && usage.ReportMonth <= filter.Month) : events.Where(usage => usage.ReportMonth == filter.Month);
        var kinds = (filter.Sessions, filter.TopUps) switch
        {
            (true, true) => month,
            (true, false) => month.Where(usage => usage.Kind == UsageKind.ConnectedSession),
            _ => month.Where(usage => usage.Kind == UsageKind.DailyTopUp),
        };
        if (filter.Narrowed == UsageNarrowing.None) return kinds;
        return NarrowUsage.By(kinds, filter.Narrowed, db, filter.Narrowed.Text is null ? null : await NamesAsync(filter, cancellation));
    }

    /// <summary>The index has neither what a correction puts right nor why: the few that there are look it up.</summary>
    private IQueryable<FoundUsage> InOrder(IQueryable<UsageEvent> events) => events
        .OrderBy(usage => usage.ServiceDate).ThenBy(usage => usage.OccurredAt).ThenBy(usage => usage.EventId)
        .Select(usage => new FoundUsage(
            usage.EventId, usage.Kind, usage.ServiceDate, usage.OccurredAt, usage.StaffMemberId, usage.ClientId, usage.ProgramId,
            usage.TopUpDeviceId, usage.DurationMinutes, usage.Credits, usage.UnitPriceMicros, usage.CostPence, usage.Correction,
            usage.Correction == null ? null : db.UsageEvents.Where(known => known.EventId == usage.EventId)
                .Join(db.UsageEvents, known => known.CorrectsId, original => original.Id, (known, original) => original.EventId).FirstOrDefault(),
            usage.Correction == null ? null : db.UsageEvents.Where(known => known.EventId == usage.EventId).Select(known => known.Reason).FirstOrDefault()));

    private async Task<List<UsageRow>> FromIndexAsync(UsageReportFilter filter, UsagePosition position, int take, CancellationToken cancellation)
    {
        var find = await FindAsync(filter, cancellation);
        var events = await EventsAsync(filter, cancellation);
        var from = position.AfterEventId is { } after ? InOrder(await AfterAsync(events, after, cancellation)) : InOrder(events).Skip((position.Page - 1) * PageRows);
        return (await from.Take(take).ToListAsync(cancellation)).ConvertAll(find.Row);
    }

    /// <summary>Events later in the report's order than one that was shown; none when there is no such event.</summary>
    private static async Task<IQueryable<UsageEvent>> AfterAsync(IQueryable<UsageEvent> events, string eventId, CancellationToken cancellation)
    {
        if (await events.SingleOrDefaultAsync(usage => usage.EventId == eventId, cancellation) is not { } last) return events.Where(usage => false);
        return events.Where(usage => usage.ServiceDate >= last.ServiceDate && (usage.ServiceDate > last.ServiceDate || usage.OccurredAt > last.OccurredAt
            || (usage.OccurredAt == last.OccurredAt && string.Compare(usage.EventId, last.EventId) > 0)));
    }

    /// <summary>Of a numbered page only the groups that it shows are read.</summary>
    private async Task<List<UsageRow>> FromGroupsAsync(UsageReportFilter filter, UsagePosition position, int take, CancellationToken cancellation)
    {
        var groups = (await GroupsAsync(filter, cancellation))!;
        if (position.AfterEventId is not null) return From(await RowsAsync(filter, cancellation).ToListAsync(cancellation), position, take);
        var skip = (position.Page - 1) * PageRows;
        var (shown, before, at) = (new List<UsageGroup>(), 0, 0);
        foreach (var group in groups.All)
        {
            var begins = at;
            at += group.Total.Rows;
            if (at <= skip) before = at;
            else if (begins < skip + take) shown.Add(group);
        }
        var find = await FindAsync(filter, cancellation);
        var events = InOrder(NarrowUsage.To(await EventsAsync(filter, cancellation), filter.GroupBy!.Value, groups.SumsOf(shown)));
        if (shown is [var only] && filter.Sort == UsageSort.Default) return await WithinAsync(only, events, find, skip - before, take, cancellation);
        return Put((await events.ToListAsync(cancellation)).ConvertAll(find.Row), filter, groups).Skip(skip - before).Take(take).ToList();
    }

    /// <summary>Of a group that is longer than what is shown of it, in the report's own order, no more is read than that.</summary>
    private static async Task<List<UsageRow>> WithinAsync(UsageGroup group, IQueryable<FoundUsage> events, FindRows find, int skip, int take, CancellationToken cancellation) =>
        [.. (await events.Skip(skip).Take(take).ToListAsync(cancellation)).Select((found, place) => find.Row(found) with { Group = group, PlaceInGroup = skip + place + 1 })];

    /// <summary>In the filter's order, group by group where it has groups.</summary>
    private static List<UsageRow> Put(List<UsageRow> rows, UsageReportFilter filter, UsageGroups? groups)
    {
        var sorted = UsageOrder.By(rows, filter.Sort);
        return groups is null ? sorted : [.. sorted.GroupBy(groups.Of).OrderBy(group => group.Key.Number).SelectMany(group => group.Select((row, place) => row with { Group = group.Key, PlaceInGroup = place + 1 }))];
    }

    private static List<UsageRow> From(List<UsageRow> rows, UsagePosition position, int take)
    {
        if (position.AfterEventId is not { } after) return rows.Skip((position.Page - 1) * PageRows).Take(take).ToList();
        var shown = rows.FindIndex(row => row.EventId == after);
        return shown < 0 ? [] : rows.Skip(shown + 1).Take(take).ToList();
    }
}

/// <summary>Some rows of a report, in order, and whether there are more after them.</summary>
public sealed record UsagePage(IReadOnlyList<UsageRow> Rows, bool HasMore);

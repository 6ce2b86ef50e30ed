using System.Runtime.CompilerServices;
using CreditUsage.Core.Report.Charts;
using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Report;

/// <summary>
/// Runs a report. Totals are summed by the database; rows come from the month's covering index without joins and get their
/// names from a small dictionary. Everything read after <see cref="RunAsync"/> is of the same instant.
/// </summary>
public sealed class ReportQuery(CreditUsageDb db, TimeProvider clock)
{
    /// <summary>Rows of a numbered page, and of the first answer.</summary>
    public const int PageRows = 1000;

    /// <summary>Rows that follow as the reader nears the end.</summary>
    public const int MoreRows = 500;

    private Subscription? _subscription;
    private Guid? _instant;
    private ClosedMonths? _closed;
    private (ReportFilter Of, NameDictionary Names)? _names;
    private (ReportFilter Of, UsageGroups Groups)? _groups;

    /// <summary>The months that can be asked for.</summary>
    public async Task<ReportableMonths> MonthsAsync(CancellationToken cancellation) =>
        new((await SubscriptionAsync(cancellation)).StartsOn, clock.GetUtcNow());

    /// <summary>The totals of a valid filter, of the transaction at hand or else of a snapshot that begins here.</summary>
    public async Task<CreditUsageReport> RunAsync(ReportFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (db.Database.CurrentTransaction is null) await db.BeginSnapshotAsync(cancellation);
        ForgetOtherInstants();
        var sums = await UsageSum.ByAsync(await EventsAsync(filter, cancellation), filter.GroupBy, cancellation);
        var (sessions, topUps) = (Of(UsageKind.ConnectedSession), Of(UsageKind.DailyTopUp));
        var now = clock.GetUtcNow();
        var names = filter.GroupBy is not null || filter.Narrowed != RowFilter.None ? await NamesAsync(filter, cancellation) : null;
        if (filter.GroupBy is not null) _groups = (filter, new UsageGroups(filter, sums, names!));
        return new CreditUsageReport(await SubscriptionAsync(cancellation), filter, sessions, topUps, (_closed ??= await db.ClosedMonthsAsync(cancellation)).StateOf(filter.Month, now), now)
        {
            Groups = _groups?.Groups.All,
            Criteria = AppliedFilters.Of(filter, names),
        };

        UsageTotal Of(UsageKind kind) => sums.Where(sum => sum.Kind == kind).Aggregate(UsageTotal.Nothing, (total, sum) => total + sum.Total);
    }

    /// <summary>How many rows a valid filter has at the moment.</summary>
    public async Task<int> RowCountAsync(ReportFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return await (await EventsAsync(filter, cancellation)).CountAsync(cancellation);
    }

    /// <summary>Every row, in the filter's order. The report's own order streams; another is sorted in memory.</summary>
    public async IAsyncEnumerable<UsageRow> RowsAsync(ReportFilter filter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var find = await FindAsync(filter, cancellation);
        var events = ReportRecord.InOrder(db, await EventsAsync(filter, cancellation));
        if (filter is { Sort: var sort, GroupBy: null } && sort == UsageSort.Default)
        {
            await foreach (var found in events.AsAsyncEnumerable().WithCancellation(cancellation)) yield return find.Row(found);
            yield break;
        }
        var rows = await events.AsAsyncEnumerable().Select(find.Row).ToListAsync(cancellation);
        foreach (var row in RowOrder.By(rows, filter.Sort, await GroupsAsync(filter, cancellation))) yield return row;
    }

    /// <summary>The rows for the screen, from a position on, and whether more follow.</summary>
    public async Task<UsagePage> PageAsync(ReportFilter filter, UsagePosition position, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(position);
        var take = position.AfterEventId is null ? PageRows : MoreRows;
        var rows = filter switch
        {
            { SubtotalsOnly: true } => [],
            { GroupBy: not null } => await FromGroupsAsync(filter, position, take + 1, cancellation),
            { Sort: var sort } when sort == UsageSort.Default => await FromIndexAsync(filter, position, take + 1, cancellation),
            _ => position.Of(await RowsAsync(filter, cancellation).ToListAsync(cancellation), take + 1),
        };
        return new UsagePage(rows.Take(take).ToList(), HasMore: rows.Count > take);
    }

    /// <summary>What a month's usage can be narrowed to.</summary>
    public async Task<FilterChoices> ChoicesAsync(ReportFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var found = await db.UsageEvents.AsNoTracking().Where(usage => usage.ReportMonth == filter.Month)
            .Select(usage => new { usage.StaffMemberId, usage.ClientId, usage.ProgramId, usage.TopUpDeviceId }).Distinct().ToListAsync(cancellation);
        return FilterChoices.Of(
            await NamesAsync(filter, cancellation), filter, found.Select(ids => ids.StaffMemberId), found.Select(ids => ids.ClientId), found.Select(ids => ids.ProgramId), found.Select(ids => ids.TopUpDeviceId));
    }

    /// <summary>The groups of a report by staff member, by program and by day, of the same instant as the one that was run.</summary>
    internal async Task<ChartGroups> PicturedAsync(ReportFilter filter, CancellationToken cancellation) =>
        new(filter, await UsageSum.PartsAsync(await EventsAsync(filter, cancellation), cancellation), await NamesAsync(filter, cancellation));

    /// <summary>What each month up to the filter's came to, by device.</summary>
    internal async Task<List<DeviceMonth>> ByMonthAsync(ReportFilter filter, UsageMonth first, CancellationToken cancellation) =>
        await (await EventsAsync(filter, cancellation, first)).GroupBy(usage => new { usage.ReportMonth, usage.TopUpDeviceId })
            .Select(group => new DeviceMonth(
                group.Key.ReportMonth, group.Key.TopUpDeviceId,
                group.Sum(usage => usage.Kind != UsageKind.DailyTopUp || usage.Correction == CorrectionKind.Adjustment ? 0 : usage.Correction == null ? 1 : -1),
                group.Sum(usage => (long)usage.Credits), group.Sum(usage => usage.CostPence ?? 0), group.Count(usage => usage.CostPence == null)))
            .ToListAsync(cancellation);

    /// <summary>The ten digits of each device's row, and what it is called.</summary>
    internal async Task<IReadOnlyDictionary<int, (string Id, string Title)>> DeviceTitlesAsync(ReportFilter filter, CancellationToken cancellation) =>
        (await NamesAsync(filter, cancellation)).All(NameKind.Device).ToDictionary(device => device.Id, device => (device.Owner, $"{device.Owner} {device.Name}".TrimEnd()));

    /// <summary>What was charged at each price.</summary>
    internal async Task<List<UsageAtPrice>> AtPricesAsync(ReportFilter filter, CancellationToken cancellation) =>
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

    internal async Task<NameDictionary> NamesAsync(ReportFilter filter, CancellationToken cancellation)
    {
        if (_names is not { } known || (known.Of.ForAccountant, known.Of.ProgramsHidden) != (filter.ForAccountant, filter.ProgramsHidden))
            _names = known = (filter, await NameDictionary.LoadAsync(db, filter, cancellation));
        return known.Names;
    }

    private async Task<UsageGroups?> GroupsAsync(ReportFilter filter, CancellationToken cancellation)
    {
        if (filter.GroupBy is null) return null;
        if (_groups is not { } known || known.Of != filter)
            _groups = known = (filter, new UsageGroups(filter, await UsageSum.ByAsync(await EventsAsync(filter, cancellation), filter.GroupBy, cancellation), await NamesAsync(filter, cancellation)));
        return known.Groups;
    }

    private async Task<RowMapper> FindAsync(ReportFilter filter, CancellationToken cancellation) => new(filter, await NamesAsync(filter, cancellation));

    /// <param name="first">The first of several months; null for the filter's own alone.</param>
    private async Task<IQueryable<UsageEvent>> EventsAsync(ReportFilter filter, CancellationToken cancellation, UsageMonth? first = null)
    {
        var events = db.UsageEvents.AsNoTracking();
        var month = first is { } from ? events.Where(usage => usage.ReportMonth >= from && usage.ReportMonth <= filter.Month) : events.Where(usage => usage.ReportMonth == filter.Month);
        var kinds = (filter.Sessions, filter.TopUps) switch
        {
            (true, true) => month,
            (true, false) => month.Where(usage => usage.Kind == UsageKind.ConnectedSession),
            _ => month.Where(usage => usage.Kind == UsageKind.DailyTopUp),
        };
        if (filter.Narrowed == RowFilter.None) return kinds;
        return EventFilter.By(kinds, filter.Narrowed, db, filter.Narrowed.Text is null ? null : await NamesAsync(filter, cancellation));
    }

    private async Task<List<UsageRow>> FromIndexAsync(ReportFilter filter, UsagePosition position, int take, CancellationToken cancellation)
    {
        var find = await FindAsync(filter, cancellation);
        var events = await EventsAsync(filter, cancellation);
        var from = position.AfterEventId is { } after ? ReportRecord.InOrder(db, await ReportRecord.AfterAsync(events, after, cancellation)) : ReportRecord.InOrder(db, events).Skip(position.Skipped);
        return (await from.Take(take).ToListAsync(cancellation)).ConvertAll(find.Row);
    }

    /// <summary>Of a numbered page only the groups that it shows are read.</summary>
    private async Task<List<UsageRow>> FromGroupsAsync(ReportFilter filter, UsagePosition position, int take, CancellationToken cancellation)
    {
        var groups = (await GroupsAsync(filter, cancellation))!;
        if (position.AfterEventId is not null) return position.Of(await RowsAsync(filter, cancellation).ToListAsync(cancellation), take);
        var (shown, skip) = groups.Within(position.Skipped, take);
        var find = await FindAsync(filter, cancellation);
        var events = ReportRecord.InOrder(db, EventFilter.To(await EventsAsync(filter, cancellation), filter.GroupBy!.Value, groups.SumsOf(shown)));
        if (shown is [var only] && filter.Sort == UsageSort.Default) return await WithinAsync(only, events, find, skip, take, cancellation);
        return RowOrder.By((await events.ToListAsync(cancellation)).ConvertAll(find.Row), filter.Sort, groups).Skip(skip).Take(take).ToList();
    }

    /// <summary>Of a group that is longer than what is shown of it, in the report's own order, no more is read than that.</summary>
    private static async Task<List<UsageRow>> WithinAsync(UsageGroup group, IQueryable<ReportRecord> events, RowMapper find, int skip, int take, CancellationToken cancellation) =>
        [.. (await events.Skip(skip).Take(take).ToListAsync(cancellation)).Select((found, place) => find.Row(found) with { Group = group, PlaceInGroup = skip + place + 1 })];
}

/// <summary>Some rows of a report, in order, and whether there are more after them.</summary>
public sealed record UsagePage(IReadOnlyList<UsageRow> Rows, bool HasMore);

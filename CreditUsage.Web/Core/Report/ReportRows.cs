using System.Runtime.CompilerServices;
using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Report;

/// <summary>Reads a filter's rows in the current transaction. They come from the month's covering index without joins; names come from a small dictionary.</summary>
/// <param name="names">Of the same instant and kind of copy; null to read them.</param>
internal sealed class ReportRows(CreditUsageDb db, ReportFilter filter, NameDictionary? names = null)
{
    private NameDictionary? _names = names;
    private List<UsageSum>? _sums;
    private UsageGroups? _groups;

    public IReadOnlyList<DayOfKind>? Days { get; private set; }

    public ReportFilter Filter => filter;

    public async Task<NameDictionary> NamesAsync(CancellationToken cancellation) => _names ??= await NameDictionary.LoadAsync(db, filter, cancellation);

    public async Task<List<UsageSum>> SumsAsync(CancellationToken cancellation) => _sums ??= await UsageSum.ByAsync(await EventsAsync(cancellation), filter.GroupBy, cancellation);

    /// <summary>Reads the days of the filter's month and of the one before, and with them the sums of the same command where no group needs others.</summary>
    public async Task ReadDaysAsync(CancellationToken cancellation)
    {
        Days = await UsageSum.ByDayAsync(await EventsAsync(cancellation, filter.Month.Previous), cancellation);
        if (filter.GroupBy is null or UsageGroupBy.Day or UsageGroupBy.Week)
            _sums ??= [.. Days.Where(day => day.Month == filter.Month).Select(day => new UsageSum(day.Kind, null, day.Day, day.Total))];
    }

    public async Task<UsageGroups?> GroupsAsync(CancellationToken cancellation) =>
        filter.GroupBy is null ? null : _groups ??= new UsageGroups(filter, await SumsAsync(cancellation), await NamesAsync(cancellation));

    /// <param name="first">The first of several months up to the filter's; null for the filter's own.</param>
    public async Task<IQueryable<UsageEvent>> EventsAsync(CancellationToken cancellation, UsageMonth? first = null) =>
        EventFilter.Of(db, filter, first ?? filter.Month, filter.SearchesNames ? await NamesAsync(cancellation) : null);

    /// <summary>Every row, in the filter's order. The report's own order is streamed; any other is sorted in memory.</summary>
    public async IAsyncEnumerable<UsageRow> AllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var mapper = await MapperAsync(cancellation);
        var records = ReportRecord.InOrder(db, await EventsAsync(cancellation));
        if (filter is { Sort: var sort, GroupBy: null } && sort == UsageSort.Default)
        {
            await foreach (var record in records.AsAsyncEnumerable().WithCancellation(cancellation)) yield return mapper.Row(record);
            yield break;
        }
        var rows = await records.AsAsyncEnumerable().Select(mapper.Row).ToListAsync(cancellation);
        foreach (var row in RowOrder.By(rows, filter.Sort, await GroupsAsync(cancellation))) yield return row;
    }

    public async Task<UsagePage> PageAsync(UsagePosition position, CancellationToken cancellation)
    {
        var take = position.AfterEventId is null ? UsagePage.MaxRows : UsagePage.MaxMoreRows;
        var rows = filter switch
        {
            { SubtotalsOnly: true } => [],
            { GroupBy: not null } => await FromGroupsAsync(position, take + 1, cancellation),
            { Sort: var sort } when sort == UsageSort.Default => await FromIndexAsync(position, take + 1, cancellation),
            _ => position.Of(await AllAsync(cancellation).ToListAsync(cancellation), take + 1),
        };
        return new UsagePage(rows.Take(take).ToList(), HasMore: rows.Count > take);
    }

    private async Task<RowMapper> MapperAsync(CancellationToken cancellation) => new(filter, await NamesAsync(cancellation));

    private async Task<List<UsageRow>> FromIndexAsync(UsagePosition position, int take, CancellationToken cancellation)
    {
        var mapper = await MapperAsync(cancellation);
        var events = await EventsAsync(cancellation);
        var from = position.AfterEventId is { } after ? ReportRecord.InOrder(db, await ReportRecord.AfterAsync(events, after, cancellation)) : ReportRecord.InOrder(db, events).Skip(position.Skipped);
        return (await from.Take(take).ToListAsync(cancellation)).ConvertAll(mapper.Row);
    }

    private async Task<List<UsageRow>> FromGroupsAsync(UsagePosition position, int take, CancellationToken cancellation)
    {
        var groups = (await GroupsAsync(cancellation))!;
        if (position.AfterEventId is not null) return position.Of(await AllAsync(cancellation).ToListAsync(cancellation), take);
        var (shown, skip) = groups.Within(position.Skipped, take);
        var mapper = await MapperAsync(cancellation);
        var records = ReportRecord.InOrder(db, EventFilter.OfGroups(await EventsAsync(cancellation), filter.GroupBy!.Value, groups.SumsOf(shown)));
        if (shown is [var only] && filter.Sort == UsageSort.Default) return await WithinAsync(only, records, mapper, skip, take, cancellation);
        return RowOrder.By((await records.ToListAsync(cancellation)).ConvertAll(mapper.Row), filter.Sort, groups).Skip(skip).Take(take).ToList();
    }

    /// <summary>Reads no more than the visible part of a long group in the report's own order.</summary>
    private static async Task<List<UsageRow>> WithinAsync(UsageGroup group, IQueryable<ReportRecord> records, RowMapper mapper, int skip, int take, CancellationToken cancellation) =>
        [.. (await records.Skip(skip).Take(take).ToListAsync(cancellation)).Select((record, place) => mapper.Row(record) with { Group = group, PlaceInGroup = skip + place + 1 })];
}

/// <param name="Closings">In force.</param>
internal sealed record ReportSnapshot(CreditUsageDb Db, Subscription Subscription, IReadOnlyList<MonthClosing> Closings, IMonthProof Proof, DateTimeOffset AsAt, bool OwnsTransaction)
{
    public ClosedMonths Closed { get; } = ClosedMonths.Of(Closings);

    /// <summary>How a closed month differs from what was kept of it; null for an open one.</summary>
    public async Task<string?> DifferenceAsync(UsageMonth month, CancellationToken cancellation) =>
        Closings.FirstOrDefault(closing => closing.Month == month) is not { } closing ? null
            : await Proof.DifferenceAsync(closing, () => CreditUsageReport.UnprovedAsync(this, new ReportRows(Db, ReportFilter.Whole(month)), cancellation), cancellation);
}

public sealed record UsagePage(IReadOnlyList<UsageRow> Rows, bool HasMore)
{
    public const int MaxRows = 1000;

    public const int MaxMoreRows = 500;
}

/// <summary>Where the rows on screen begin: at a page from 1, or after an event's row.</summary>
public sealed record UsagePosition(int Page, string? AfterEventId)
{
    public static UsagePosition Start { get; } = new(1, null);

    public int Skipped => (Page - 1) * UsagePage.MaxRows;

    /// <summary>The next rows from here; none where the event is not among them.</summary>
    internal List<UsageRow> Of(List<UsageRow> rows, int take)
    {
        if (AfterEventId is not { } after) return rows.Skip(Skipped).Take(take).ToList();
        var found = rows.FindIndex(row => row.EventId == after);
        return found < 0 ? [] : rows.Skip(found + 1).Take(take).ToList();
    }
}

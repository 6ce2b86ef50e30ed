using System.Runtime.CompilerServices;
using CreditUsage.Data;
using CreditUsage.Domain;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.UsageReport;

/// <summary>
/// Runs a report. Totals are summed by the database; rows come from the month's covering index without joins and get their
/// names from small dictionaries. Everything read after <see cref="RunAsync"/> is of the same instant.
/// </summary>
public sealed class UsageReportQuery(CreditUsageDb db, TimeProvider clock)
{
    /// <summary>Rows of a numbered page, and of the first answer.</summary>
    public const int PageRows = 1000;

    /// <summary>Rows that follow as the reader nears the end.</summary>
    public const int MoreRows = 500;

    private readonly Dictionary<UsageMonth, bool> _corrected = [];
    private Subscription? _subscription;

    /// <summary>The months that can be asked for.</summary>
    public async Task<ReportableMonths> MonthsAsync(CancellationToken cancellation) =>
        new((await SubscriptionAsync(cancellation)).StartsOn, clock.GetUtcNow());

    /// <summary>The totals of a valid filter, of the transaction at hand or else of a snapshot that begins here.</summary>
    public async Task<CreditUsageReport> RunAsync(UsageReportFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (db.Database.CurrentTransaction is null) await db.BeginSnapshotAsync(cancellation);
        var totals = await Events(filter).GroupBy(usage => usage.Kind).Select(kind => new
        {
            kind.Key,
            Total = new UsageTotal(
                kind.Count(usage => usage.Correction == null), kind.Count(usage => usage.Correction != null), kind.Sum(usage => (long)(usage.DurationMinutes ?? 0)),
                kind.Sum(usage => usage.Kind != UsageKind.DailyTopUp || usage.Correction == CorrectionKind.Adjustment ? 0 : usage.Correction == null ? 1 : -1),
                kind.Sum(usage => (long)usage.Credits), kind.Sum(usage => usage.CostPence ?? 0), kind.Count(usage => usage.CostPence == null)),
        }).ToDictionaryAsync(kind => kind.Key, kind => kind.Total, cancellation);
        _corrected[filter.Month] = totals.Values.Any(total => total.Corrections > 0);
        var now = clock.GetUtcNow();
        return new CreditUsageReport(
            await SubscriptionAsync(cancellation), filter, totals.GetValueOrDefault(UsageKind.ConnectedSession, UsageTotal.Nothing),
            totals.GetValueOrDefault(UsageKind.DailyTopUp, UsageTotal.Nothing), (await ClosedMonths.LoadAsync(db, cancellation)).StateOf(filter.Month, now), now);
    }

    /// <summary>How many rows a valid filter has at the moment.</summary>
    public Task<int> RowCountAsync(UsageReportFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return Events(filter).CountAsync(cancellation);
    }

    /// <summary>Every row, in the filter's order. The report's own order streams; another is sorted in memory.</summary>
    public async IAsyncEnumerable<UsageRow> RowsAsync(UsageReportFilter filter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (filter.Sort != UsageSort.Default)
        {
            foreach (var row in await SortedAsync(filter, cancellation)) yield return row;
            yield break;
        }
        var names = await NamesAsync(filter, cancellation);
        await foreach (var found in InOrder(Events(filter)).AsAsyncEnumerable().WithCancellation(cancellation))
            yield return names.Row(found);
    }

    /// <summary>The rows for the screen, from a position on, and whether more follow.</summary>
    public async Task<UsagePage> PageAsync(UsageReportFilter filter, UsagePosition position, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(position);
        var take = position.AfterEventId is null ? PageRows : MoreRows;
        var rows = filter.Sort == UsageSort.Default
            ? await FromIndexAsync(filter, position, take + 1, cancellation)
            : FromMemory(await SortedAsync(filter, cancellation), position, take + 1);
        return new UsagePage(rows.Take(take).ToList(), HasMore: rows.Count > take);
    }

    private async Task<Subscription> SubscriptionAsync(CancellationToken cancellation) =>
        _subscription ??= await db.Subscriptions.AsNoTracking().SingleAsync(subscription => subscription.Id == db.SubscriptionId, cancellation);

    /// <summary>A month whose totals have shown no correction need not be asked for them again.</summary>
    private Task<UsageNames> NamesAsync(UsageReportFilter filter, CancellationToken cancellation) =>
        UsageNames.LoadAsync(db, filter, _corrected.GetValueOrDefault(filter.Month, true), cancellation);

    private IQueryable<UsageEvent> Events(UsageReportFilter filter)
    {
        var month = db.UsageEvents.AsNoTracking().Where(usage => usage.ReportMonth == filter.Month);
        return (filter.Sessions, filter.TopUps) switch
        {
            (true, true) => month,
            (true, false) => month.Where(usage => usage.Kind == UsageKind.ConnectedSession),
            _ => month.Where(usage => usage.Kind == UsageKind.DailyTopUp),
        };
    }

    private static IQueryable<FoundUsage> InOrder(IQueryable<UsageEvent> events) => events
        .OrderBy(usage => usage.ServiceDate).ThenBy(usage => usage.OccurredAt).ThenBy(usage => usage.EventId)
        .Select(usage => new FoundUsage(
            usage.EventId, usage.Kind, usage.ServiceDate, usage.OccurredAt, usage.StaffMemberId, usage.ClientId, usage.ProgramId,
            usage.TopUpDeviceId, usage.DurationMinutes, usage.Credits, usage.UnitPriceMicros, usage.CostPence, usage.Correction));

    private async Task<List<UsageRow>> FromIndexAsync(UsageReportFilter filter, UsagePosition position, int take, CancellationToken cancellation)
    {
        var names = await NamesAsync(filter, cancellation);
        var events = Events(filter);
        var from = position.AfterEventId is { } after ? InOrder(await AfterAsync(events, after, cancellation)) : InOrder(events).Skip((position.Page - 1) * PageRows);
        return (await from.Take(take).ToListAsync(cancellation)).ConvertAll(names.Row);
    }

    /// <summary>Events later in the report's order than one that was shown; none when there is no such event.</summary>
    private static async Task<IQueryable<UsageEvent>> AfterAsync(IQueryable<UsageEvent> events, string eventId, CancellationToken cancellation)
    {
        if (await events.SingleOrDefaultAsync(usage => usage.EventId == eventId, cancellation) is not { } last) return events.Where(usage => false);
        return events.Where(usage => usage.ServiceDate >= last.ServiceDate && (usage.ServiceDate > last.ServiceDate || usage.OccurredAt > last.OccurredAt
            || (usage.OccurredAt == last.OccurredAt && string.Compare(usage.EventId, last.EventId) > 0)));
    }

    private async Task<List<UsageRow>> SortedAsync(UsageReportFilter filter, CancellationToken cancellation)
    {
        var rows = await RowsAsync(filter with { Sort = UsageSort.Default }, cancellation).ToListAsync(cancellation);
        return UsageOrder.By(rows, filter.Sort);
    }

    private static List<UsageRow> FromMemory(List<UsageRow> rows, UsagePosition position, int take)
    {
        if (position.AfterEventId is not { } after) return rows.Skip((position.Page - 1) * PageRows).Take(take).ToList();
        var shown = rows.FindIndex(row => row.EventId == after);
        return shown < 0 ? [] : rows.Skip(shown + 1).Take(take).ToList();
    }
}

/// <summary>Some rows of a report, in order, and whether there are more after them.</summary>
public sealed record UsagePage(IReadOnlyList<UsageRow> Rows, bool HasMore);

using CreditUsage.Domain;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Report;

/// <summary>A month's usage at one instant: totals, and everything that can be read of it while its snapshot is open.</summary>
public sealed record CreditUsageReport
{
    private readonly ReportSnapshot _snapshot;
    private readonly ReportRows _rows;

    private CreditUsageReport(ReportSnapshot snapshot, ReportRows rows, IReadOnlyList<UsageSum> sums)
    {
        (_snapshot, _rows) = (snapshot, rows);
        (Sessions, TopUps) = (Of(UsageKind.ConnectedSession), Of(UsageKind.DailyTopUp));
        var (edition, closing) = (rows.Filter.Edition, snapshot.Closed.Find(rows.Filter.Month));
        Subscription = snapshot.Subscription.Named(edition is null ? closing?.ClinicName : edition.ClinicName);
        (All, AsAt, State) = (Sessions + TopUps, edition?.AsAt ?? snapshot.AsAt, edition?.State ?? snapshot.Closed.StateOf(rows.Filter.Month, snapshot.AsAt));
        Edition = edition?.Edition ?? ReportEdition.Of(closing);

        UsageTotal Of(UsageKind kind) => sums.Where(sum => sum.Kind == kind).Aggregate(UsageTotal.Nothing, (total, sum) => total + sum.Total);
    }

    /// <summary>Of a closed month by the name that it was closed under.</summary>
    public Subscription Subscription { get; init; }

    public ReportFilter Filter => _rows.Filter;

    public UsageTotal Sessions { get; }

    public UsageTotal TopUps { get; }

    public UsageTotal All { get; }

    public MonthState State { get; init; }

    /// <summary>Null where it shows the names that were recorded.</summary>
    public ReportEdition? Edition { get; init; }

    public ClosedMonths Closed => _snapshot.Closed;

    public DateTimeOffset AsAt { get; init; }

    /// <summary>In order, adding up to the whole; null where the rows are not grouped.</summary>
    public IReadOnlyList<UsageGroup>? Groups { get; private init; }

    /// <summary>In force, of any month.</summary>
    internal IReadOnlyList<MonthClosing> Closings => _snapshot.Closings;

    /// <summary>Of its month and the one before, by the same filter; days without usage are left out. Null where it was not opened for the screen's summary.</summary>
    public IReadOnlyList<DayOfKind>? Days => _rows.Days;

    public IReadOnlyList<AppliedFilter> Criteria { get; private init; } = [];

    /// <summary>"Staff member: Dr Jane Smith or Jo King; Grouped by: client"; null for the plain report.</summary>
    public string? CriteriaText => Criteria.Count == 0 ? null : AppliedFilters.Text(Criteria);

    public string MonthAndState => State is { IsClosed: false, InProgress: false } ? Filter.Month.Name : $"{Filter.Month.Name} ({State.Label})";

    public string Heading => $"Credit Usage Report{AsCopy}";

    public string Caption => $"Credit usage, {Filter.Month.Name} - {Filter.Included}{AsCopy}";

    public string Sentence => $"{Counted}, {Display.Count(All.Credits, "credit", "credits")}, {Money}";

    public string Status => $"{Counted}, {Money}";

    /// <summary>A notice that money is withheld, and what to do; null when it is not.</summary>
    public string? Withheld => All.Unpriced == 0 ? null :
        $"The cost is withheld: {Display.Count(All.Unpriced, "event has", "events have")} no credit price. Set a price from the first of those days to see the cost.";

    /// <summary>How a closed month differs from what was kept of it, and what to do; null where nothing differs.</summary>
    public string? Difference { get; private init; }

    private string AsCopy => Filter.Copy is { } copy ? $" - {copy}" : "";

    private string Counted => Display.Count(All.Events, "event", "events") + (All.Corrections == 0 ? "" : $" and {Display.Count(All.Corrections, "correction", "corrections")}");

    private string Money => All.CostPence is { } pence ? Display.Pounds(pence) : "cost withheld";

    internal static async Task<CreditUsageReport> ReadAsync(ReportSnapshot snapshot, ReportRows rows, CancellationToken cancellation) =>
        await UnprovedAsync(snapshot, rows, cancellation) with { Difference = await snapshot.DifferenceAsync(rows.Filter.Month, cancellation) };

    internal static async Task<CreditUsageReport> UnprovedAsync(ReportSnapshot snapshot, ReportRows rows, CancellationToken cancellation)
    {
        var (filter, sums) = (rows.Filter, await rows.SumsAsync(cancellation));
        return new CreditUsageReport(snapshot, rows, sums)
        {
            Groups = (await rows.GroupsAsync(cancellation))?.All,
            Criteria = AppliedFilters.Of(filter, filter.Rows == RowFilter.None ? null : await rows.NamesAsync(cancellation)),
        };
    }

    public async Task<CreditUsageReport> OfMonthAsync(UsageMonth month, CancellationToken cancellation) =>
        await ReadAsync(_snapshot, new ReportRows(_snapshot.Db, Filter with { Month = month }, await NamesAsync(cancellation)), cancellation);

    public IAsyncEnumerable<UsageRow> RowsAsync(CancellationToken cancellation) => _rows.AllAsync(cancellation);

    public Task<UsagePage> PageAsync(UsagePosition position, CancellationToken cancellation) => _rows.PageAsync(position, cancellation);

    public async Task<FilterChoices> ChoicesAsync(CancellationToken cancellation) => await FilterChoices.LoadAsync(_snapshot.Db, Filter, await NamesAsync(cancellation), cancellation);

    internal Task<Letterhead?> LetterheadAsync(CancellationToken cancellation) => _snapshot.Db.Letterheads.AsNoTracking().SingleOrDefaultAsync(cancellation);

    /// <summary>The price list, the oldest first.</summary>
    internal Task<List<DatedPrice>> PriceListAsync(CancellationToken cancellation) =>
        _snapshot.Db.CreditPrices.AsNoTracking().OrderBy(price => price.ValidFrom).Select(price => new DatedPrice(price.ValidFrom, price.PriceMicros)).ToListAsync(cancellation);

    public async Task<IReadOnlyList<UsageAtPrice>> PricesAsync(CancellationToken cancellation) => await (await EventsAsync(cancellation))
        .GroupBy(usage => new { usage.UnitPriceMicros, CostAlone = usage.Correction != null && usage.Credits == 0 && usage.CostPence != null })
        .Select(price => new UsageAtPrice(price.Key.CostAlone ? null : price.Key.UnitPriceMicros, price.Key.CostAlone, price.Count(), price.Sum(usage => (long)usage.Credits), price.Sum(usage => usage.CostPence ?? 0), price.Count(usage => usage.CostPence == null)))
        .ToListAsync(cancellation);

    /// <summary>Its events; with <paramref name="first"/>, of several months up to its own.</summary>
    internal Task<IQueryable<UsageEvent>> EventsAsync(CancellationToken cancellation, UsageMonth? first = null) => _rows.EventsAsync(cancellation, first);

    internal async Task<UsageGroups> GroupsByAsync(UsageGroupBy by, CancellationToken cancellation) =>
        new(Filter with { GroupBy = by }, await UsageSum.ByAsync(await EventsAsync(cancellation), by, cancellation), await NamesAsync(cancellation));

    internal Task<NameDictionary> NamesAsync(CancellationToken cancellation) => _rows.NamesAsync(cancellation);

    /// <summary>Ends the snapshot where it was begun for this report.</summary>
    public Task EndAsync() => _snapshot.OwnsTransaction ? _snapshot.Db.EndSnapshotAsync() : Task.CompletedTask;
}

/// <param name="Events">Without corrections.</param>
/// <param name="DeviceDays">Of daily top-ups, less reversed ones.</param>
/// <param name="Unpriced">Events whose money is withheld because no price is valid on their day.</param>
public sealed record UsageTotal(int Events, int Corrections, long Minutes, int DeviceDays, long Credits, long KnownCostPence, int Unpriced)
{
    public static UsageTotal Nothing { get; } = new(0, 0, 0, 0, 0, 0, 0);

    public int Rows => Events + Corrections;

    /// <summary>Pence; withheld as soon as one event has no price, since a partial sum would read as the whole.</summary>
    public long? CostPence => Unpriced == 0 ? KnownCostPence : null;

    public static UsageTotal operator +(UsageTotal left, UsageTotal right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new(
            left.Events + right.Events, left.Corrections + right.Corrections, left.Minutes + right.Minutes, left.DeviceDays + right.DeviceDays,
            left.Credits + right.Credits, left.KnownCostPence + right.KnownCostPence, left.Unpriced + right.Unpriced);
    }

    public static UsageTotal operator -(UsageTotal left, UsageTotal right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new(
            left.Events - right.Events, left.Corrections - right.Corrections, left.Minutes - right.Minutes, left.DeviceDays - right.DeviceDays,
            left.Credits - right.Credits, left.KnownCostPence - right.KnownCostPence, left.Unpriced - right.Unpriced);
    }
}

public sealed record DayOfKind(UsageMonth Month, DateOnly Day, UsageKind Kind, UsageTotal Total);

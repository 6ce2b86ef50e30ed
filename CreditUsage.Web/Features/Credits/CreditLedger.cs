using CreditUsage.Core;
using CreditUsage.Core.Ledger;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using CreditUsage.Platform.Integrity;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

/// <summary>Reads statements in one snapshot. Usage events are the ledger's usage entries: they are summed, never copied.</summary>
public sealed class CreditLedger(CreditUsageDb db, CreditBalance balance, ReportQuery reports, DataChecks checks, TimeProvider clock)
{
    private Subscription? _subscription;

    public async Task<ReportableMonths> MonthsAsync(CancellationToken cancellation) => new((await SubscriptionAsync(cancellation)).StartsOn, clock.GetUtcNow());

    /// <exception cref="UntrustedDataException">The database is damaged, or a closed month that the statement is of is not what was kept of it.</exception>
    public async Task<CreditStatement> StatementAsync(StatementFilter filter, CancellationToken cancellation)
    {
        checks.ThrowIfDamaged();
        var statement = await StatementOnScreenAsync(filter, cancellation);
        return statement.Difference is null ? statement : throw new UntrustedDataException(StatusCodes.Status409Conflict, statement.Difference);
    }

    /// <summary>The same for the screen alone, which shows <see cref="CreditStatement.Difference"/>.</summary>
    public async Task<CreditStatement> StatementOnScreenAsync(StatementFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        await db.BeginSnapshotAsync(cancellation);
        var now = clock.GetUtcNow();
        var period = new StatementPeriod(filter);
        var closed = await db.ClosedMonthsAsync(cancellation);
        var opening = filter.Basis == StatementBasis.Service ? await balance.BeforeAsync(closed, filter.Month, cancellation) : await balance.AvailableAsync(period.LastInstantBefore, cancellation);
        IEnumerable<StatementRow> rows =
        [
            .. (await period.Of(db.LedgerEntries.AsNoTracking()).ToListAsync(cancellation)).OrderBy(entry => entry.Id).Select(period.Row),
            .. (await UsageAsync(period, cancellation)).Select(period.Row),
            .. (await CorrectionsAsync(period, cancellation)).Select(period.Row),
        ];
        var statement = new CreditStatement(await SubscriptionAsync(cancellation), filter, closed, opening, Running(opening, rows), now);
        return statement with { Difference = BalanceDifference(closed, statement) ?? await UsageDifferenceAsync(closed, period, cancellation) };
    }

    private static string? BalanceDifference(ClosedMonths closed, CreditStatement statement)
    {
        if (statement.Filter is not { Basis: StatementBasis.Service, Month: var month } || closed.Find(month) is not { } kept) return null;
        return (statement.Opening, statement.Closing) == (kept.OpeningCredits, kept.ClosingCredits) ? null
            : $"The stored balances of {KeptTotals.NameOf(kept)} do not match its entries and usage. {KeptTotals.Restore}";
    }

    /// <summary>By posting instant a statement has usage of earlier months, at least of the last day of the month before.</summary>
    private async Task<string?> UsageDifferenceAsync(ClosedMonths closed, StatementPeriod period, CancellationToken cancellation)
    {
        if (closed.Latest is null) return null;
        List<UsageMonth> months = period.Basis == StatementBasis.Service ? [period.Month]
            : [period.Month, period.Month.Previous, .. await period.Of(db.UsageEvents).Select(usage => usage.ReportMonth).Distinct().ToListAsync(cancellation)];
        foreach (var month in months.Distinct().Where(closed.IsClosed))
            if (await reports.DifferenceAsync(month, cancellation) is { } difference)
                return difference;
        return null;
    }

    private async Task<Subscription> SubscriptionAsync(CancellationToken cancellation) =>
        _subscription ??= await db.Subscriptions.AsNoTracking().SingleAsync(subscription => subscription.Id == db.SubscriptionId, cancellation);

    private async Task<IEnumerable<UsageOfDay>> UsageAsync(StatementPeriod period, CancellationToken cancellation)
    {
        var usage = period.Of(db.UsageEvents.AsNoTracking()).Where(usage => usage.Correction == null);
        if (period.Basis == StatementBasis.Service)
            return await usage.GroupBy(one => new { one.ServiceDate, one.Kind })
                .Select(day => new UsageOfDay(day.Key.ServiceDate, day.Key.ServiceDate, day.Key.Kind, day.Count(), day.Sum(one => (long)one.Credits))).ToListAsync(cancellation);

        // The database stores instants as numbers and cannot group them by day, so this is done here.
        var posted = await usage.Select(one => new { one.PostedAt, one.ServiceDate, one.Kind, one.Credits }).ToListAsync(cancellation);
        return posted.GroupBy(one => (Day: DateOnly.FromDateTime(one.PostedAt.UtcDateTime), one.ServiceDate, one.Kind))
            .Select(day => new UsageOfDay(day.Key.Day, day.Key.ServiceDate, day.Key.Kind, day.Count(), day.Sum(one => (long)one.Credits)));
    }

    /// <summary>One by one, but those that were made together, as by reversing an import, by the day. Those of the cost alone, as by repricing, move no credits.</summary>
    private async Task<IReadOnlyList<CorrectedUsage>> CorrectionsAsync(StatementPeriod period, CancellationToken cancellation)
    {
        var days = await (from correction in period.Of(db.UsageEvents.AsNoTracking()).Where(usage => usage.Correction != null)
                          join original in db.UsageEvents on correction.CorrectsId equals original.Id
                          group new { correction, original.EventId } by new { correction.IntakeId, correction.ServiceDate, correction.PostedAt, correction.Kind, correction.Reason } into day
                          orderby day.Min(one => one.correction.Id)
                          select new { day.Key, EventId = day.Max(one => one.EventId), Events = day.Count(), Credits = day.Sum(one => (long)one.correction.Credits) }).ToListAsync(cancellation);
        return [.. days.Where(day => day.Events == 1 || day.Credits != 0)
            .Select(day => new CorrectedUsage(day.Key.ServiceDate, day.Key.PostedAt, day.Key.Kind, day.Events == 1 ? day.EventId : null, day.Events, day.Key.Reason ?? "", day.Credits))];
    }

    private static List<StatementRow> Running(long opening, IEnumerable<StatementRow> rows)
    {
        var balance = opening;
        return rows.OrderBy(row => row.Day).ThenBy(row => row.Line).Select(row => row with { Balance = balance += row.Credits }).ToList();
    }
}

/// <param name="Day">By the statement's basis.</param>
public sealed record UsageOfDay(DateOnly Day, DateOnly ServiceDate, UsageKind Kind, int Events, long Credits);

/// <param name="EventId">Null for several that were corrected in bulk.</param>
public sealed record CorrectedUsage(DateOnly ServiceDate, DateTimeOffset PostedAt, UsageKind Kind, string? EventId, int Events, string Reason, long Credits);

/// <summary>The ledger's entries without usage.</summary>
public sealed class LedgerList(CreditUsageDb db)
{
    public const int PageRows = 50;

    private IQueryable<LedgerLine> Lines(IQueryable<LedgerEntry> entries) =>
        entries.Select(entry => new LedgerLine(entry, db.LedgerEntries.Where(other => other.CorrectsId == entry.Id).Select(other => (long?)other.Id).FirstOrDefault()));

    /// <param name="before">The last entry of the previous page.</param>
    /// <returns>Null where there is no such entry.</returns>
    public async Task<LedgerPage?> PageAsync(long? before, CancellationToken cancellation)
    {
        var entries = db.LedgerEntries.AsNoTracking();
        if (before is { } id)
        {
            if (await FindAsync(id, cancellation) is not { Entry: var last }) return null;
            entries = entries.Where(entry => entry.ServiceDate < last.ServiceDate || (entry.ServiceDate == last.ServiceDate && entry.Id < last.Id));
        }
        var lines = await Lines(entries.OrderByDescending(entry => entry.ServiceDate).ThenByDescending(entry => entry.Id).Take(PageRows + 1)).ToListAsync(cancellation);
        return new LedgerPage(lines.Take(PageRows).ToList(), HasMore: lines.Count > PageRows);
    }

    public Task<LedgerLine?> FindAsync(long id, CancellationToken cancellation) =>
        Lines(db.LedgerEntries.AsNoTracking().Where(entry => entry.Id == id)).SingleOrDefaultAsync(cancellation);

    public async Task<long> LastIdAsync(CancellationToken cancellation) => await db.LedgerEntries.MaxAsync(entry => (long?)entry.Id, cancellation) ?? 0;
}

public sealed record LedgerLine(LedgerEntry Entry, long? ReversedById);

public sealed record LedgerPage(IReadOnlyList<LedgerLine> Lines, bool HasMore);

public static class LedgerLabels
{
    public static string Label(this LedgerEntryKind kind) => kind switch
    {
        LedgerEntryKind.Purchase => "Purchase",
        LedgerEntryKind.Grant => "Grant",
        LedgerEntryKind.Adjustment => "Adjustment",
        _ => "Correction of an entry",
    };

    /// <summary>"10 packs of 50 credits, £270.00 paid with £45.00 VAT, invoice A-17. First order."</summary>
    public static string Details(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var facts = Facts(entry);
        return entry.Reason is not { } reason ? facts : facts.Length == 0 ? reason : $"{facts}. {reason}";
    }

    /// <summary>Omits the reason, which may name a client.</summary>
    internal static string Audited(LedgerEntry entry)
    {
        var facts = Facts(entry);
        return $"{entry.Kind.Label()} of {Display.Day(entry.ServiceDate)}: {Display.Count(entry.Credits, "credit", "credits")}{(facts.Length == 0 ? "" : $" ({facts})")}.";
    }

    public static string WithSign(long credits) => credits > 0 ? "+" + Display.Number(credits) : Display.Number(credits);

    /// <summary>"10 packs of 50 credits, £270.00 paid with £45.00 VAT".</summary>
    internal static string Bought(LedgerEntry purchase) => Bought(purchase.Credits, purchase.PackSize!.Value, purchase.PaidPence, purchase.VatPence);

    internal static string Bought(LedgerDraft draft) => Bought(draft.Credits, draft.Purchase!.PackSize, draft.Purchase.PaidPence, draft.Purchase.VatPence);

    private static string Bought(int credits, int packSize, long? paidPence, long? vatPence) =>
        $"{Display.Count(credits / packSize, "pack", "packs")} of {Display.Count(packSize, "credit", "credits")}, {Display.Pounds(paidPence)} paid with {Display.Pounds(vatPence)} VAT";

    private static string Facts(LedgerEntry entry)
    {
        var takesBack = entry.CorrectsId is { } corrected ? $"Reverses entry {corrected}" : "";
        if (entry.PackSize is not { } size) return takesBack;
        var bought = $"{Bought(Math.Abs(entry.Credits), size, entry.PaidPence, entry.VatPence)}, invoice {entry.InvoiceNumber}";
        return takesBack.Length == 0 ? bought : $"{takesBack}: {bought}";
    }
}

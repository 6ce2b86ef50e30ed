using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Savings;

/// <summary>Finds possible savings in the rows of a month's report, in seven commands, and proves the month where it is closed.</summary>
public sealed class SavingsQuery(CreditUsageDb db, ReportQuery reports, TimeProvider clock)
{
    /// <param name="filter">A whole month.</param>
    /// <param name="days">Days without a session after which a device is idle.</param>
    public async Task<SavingsReport> RunAsync(ReportFilter filter, int days, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        await db.BeginSnapshotAsync(cancellation);
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var report = new ReportRows(db, filter);
        var rows = await report.AllAsync(cancellation).ToListAsync(cancellation);
        var last = filter.Month.End.AddDays(-1);
        var usage = new MonthUsage(filter.Month, rows, await report.NamesAsync(cancellation), last < today ? last : today);
        var (schedules, chargesFrom, closed) = await SchedulesAsync(filter.Month, cancellation);
        var devices = DeviceInMonth.Of(usage, schedules);
        var history = await TopUpHistory.LoadAsync(db, usage, devices, days, cancellation);
        // Where charging here began within a schedule, earlier days stay as they came in.
        var from = chargesFrom ?? filter.Month.Start;
        var strips = devices.Select(device => DeviceStrip.Of(usage, device, history, from, today.AddDays(-1))).ToList();
        var dismissed = await db.DismissedFindings.AsNoTracking().Where(finding => finding.RestoredAt == null).OrderByDescending(finding => finding.Id).ToListAsync(cancellation);
        var difference = closed ? await reports.DifferenceAsync(filter.Month, cancellation) : null;
        await db.EndSnapshotAsync();
        IEnumerable<SavingsFinding> found = [.. IdleTopUps.Of(usage, devices, history), .. UnusedMinutes.Of(usage), .. OverlappingSessions.Of(usage), .. devices.Zip(strips).SelectMany(pair => ScheduleFindings.Of(usage, pair.First, pair.Second))];
        return new SavingsReport(filter, days, [.. found.Where(finding => !dismissed.Exists(known => finding.Has(known.Finding)))], strips, dismissed) { Difference = difference };
    }

    private async Task<(IReadOnlyList<TopUpSchedule> Schedules, DateOnly? ChargesFrom, bool Closed)> SchedulesAsync(UsageMonth month, CancellationToken cancellation)
    {
        var found = await (from subscription in db.Subscriptions.AsNoTracking()
                           where subscription.Id == db.SubscriptionId
                           join one in db.TopUpSchedules on subscription.Id equals one.SubscriptionId into schedules
                           from schedule in schedules.DefaultIfEmpty()
                           select new { subscription.ChargesTopUpsFrom, Closed = db.MonthClosings.Any(closing => closing.Month == month && closing.ReopenedAt == null), Schedule = (TopUpSchedule?)schedule }).ToListAsync(cancellation);
        return ([.. found.Select(row => row.Schedule).OfType<TopUpSchedule>()], found[0].ChargesTopUpsFrom, found[0].Closed);
    }
}

public sealed record SavingsReport(ReportFilter Filter, int Days, IReadOnlyList<SavingsFinding> Findings, IReadOnlyList<DeviceStrip> Strips, IReadOnlyList<DismissedFinding> Dismissed)
{
    /// <summary>How a closed month differs from what was kept of it; null where nothing does.</summary>
    public string? Difference { get; init; }

    public IReadOnlyList<SavingsFinding> Of(SavingsFindingKind kind) => [.. Findings.Where(finding => finding.Kind == kind)];

    /// <summary>Null where one has no price.</summary>
    public long? TotalOf(SavingsFindingKind kind) => Of(kind).Aggregate((long?)0, (sum, finding) => sum + finding.Pence);
}

/// <param name="LastDay">The month's last day, or today within it.</param>
internal sealed record MonthUsage(UsageMonth Month, IReadOnlyList<UsageRow> Rows, NameDictionary Names, DateOnly LastDay)
{
    /// <summary>With the corrections that the month shows; without reversed sessions.</summary>
    public IReadOnlyList<CorrectedSession> Sessions { get; } = Corrected(Rows);

    public IEnumerable<UsageRow> TopUps => Rows.Where(row => row.Kind == UsageKind.DailyTopUp);

    /// <summary>The client's own id; null for none.</summary>
    public string? ClientOf(int? clientId) => Names.Of(NameKind.Client, clientId)?.Owner;

    private static List<CorrectedSession> Corrected(IReadOnlyList<UsageRow> rows)
    {
        var corrections = rows.Where(row => row.Correction is not null).ToLookup(row => row.Correction!.EventId, StringComparer.Ordinal);
        return rows.Where(row => row is { Kind: UsageKind.ConnectedSession, Correction: null } && !corrections[row.EventId].Any(correction => correction.Correction!.Kind == CorrectionKind.Reversal))
            .Select(row => corrections[row.EventId].Aggregate(
                new CorrectedSession(row, row.DurationMinutes ?? 0, row.CostPence),
                (corrected, correction) => corrected with { Minutes = corrected.Minutes + (correction.DurationMinutes ?? 0), CostPence = corrected.CostPence + correction.CostPence }))
            .ToList();
    }
}

/// <param name="CostPence">Null where no price is valid.</param>
internal sealed record CorrectedSession(UsageRow Row, int Minutes, long? CostPence)
{
    public DateTimeOffset Ends => Row.OccurredAt.AddMinutes(Minutes);

    public int PaidMinutes => CreditRule.ForSession(Minutes) * CreditRule.MinutesPerCredit;

    public int UnusedMinutes => PaidMinutes - Minutes;

    /// <summary>The unused part of the cost, rounded once to whole pence, half away from zero.</summary>
    public long? UnusedPence => CostPence is { } pence ? Rounded(pence * UnusedMinutes, PaidMinutes) : null;

    private static long Rounded(long numerator, long denominator) => ((2 * Math.Abs(numerator)) + denominator) / (2 * denominator) * Math.Sign(numerator);
}

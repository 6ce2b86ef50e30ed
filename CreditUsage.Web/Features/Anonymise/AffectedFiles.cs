using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Domain.Usage;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Anonymise;

/// <summary>Every closing and every saved report with a file, as they were read together.</summary>
internal sealed record KeptFiles(IReadOnlyList<MonthClosing> Closings, IReadOnlyList<SavedReport> Reports)
{
    public static async Task<KeptFiles> ReadAsync(CreditUsageDb db, CancellationToken cancellation) => new(
        await db.MonthClosings.AsNoTracking().OrderBy(closing => closing.Id).ToListAsync(cancellation),
        await db.SavedReports.AsNoTracking().Where(report => report.RemovedAt == null).OrderBy(report => report.Number).ToListAsync(cancellation));

    public bool IsSame(KeptFiles other) => Closings.Select(Marks).SequenceEqual(other.Closings.Select(Marks)) && Reports.Select(Marks).SequenceEqual(other.Reports.Select(Marks));

    private static (int, string, DateTimeOffset?) Marks(MonthClosing closing) => (closing.Id, closing.RowsSha256, closing.ReopenedAt);

    private static (Guid, string) Marks(SavedReport report) => (report.Id, report.Sha256);
}

/// <summary>Finds the kept files that may show a name. Where it cannot be told without looking into them, they are among those found.</summary>
internal sealed class AffectedFiles(CreditUsageDb db, WhoseNames who, KeptFiles kept)
{
    /// <summary>Rows of reopened months may have moved since, so that their earlier versions are looked through in any case.</summary>
    public async Task<IReadOnlyList<MonthClosing>> ClosingsAsync(CancellationToken cancellation)
    {
        if (who.Month is { } only) return [.. kept.Closings.Where(closing => closing.Month == only)];
        var months = (await who.Events(db.UsageEvents).Select(usage => usage.ReportMonth).Distinct().ToListAsync(cancellation)).ToHashSet();
        foreach (var reason in await db.UsageEvents.Where(usage => usage.CorrectsId != null && usage.Reason != null).Select(usage => new { usage.ReportMonth, usage.Reason }).Distinct().ToListAsync(cancellation))
            if (who.Names.Text.IsIn(reason.Reason!)) months.Add(reason.ReportMonth);
        return [.. kept.Closings.Where(closing => closing.ReopenedAt is not null || months.Contains(closing.Month))];
    }

    public async Task<IReadOnlyList<SavedReport>> ReportsAsync(CancellationToken cancellation)
    {
        var found = new List<SavedReport>();
        foreach (var report in kept.Reports.Where(report => who.Month is not { } only || report.MonthStart == only.Start))
            if (await IsAffectedAsync(report, cancellation)) found.Add(report);
        return found;
    }

    /// <summary>What the report was asked for; null where it cannot be asked for any more.</summary>
    public static ReportRequest? RequestOf(SavedReport report)
    {
        var month = UsageMonth.Of(report.MonthStart);
        var query = new QueryCollection(QueryHelpers.ParseQuery($"year={month.Year}&month={month.Month}{(report.Sessions ? "&sessions=true" : "")}{(report.TopUps ? "&topUps=true" : "")}&{report.Variant}"));
        var months = new ReportableMonths(month.Start, new DateTimeOffset(month.Start, TimeOnly.MinValue, TimeSpan.Zero));
        return ReportInput.From(query).Validate(months, out _, out _) is { } filter ? new(filter, BillbackLabels.Of(query["by"])) : null;
    }

    /// <summary>How the report is made again, but for the date of the edition.</summary>
    public EditionTerms TermsOf(SavedReport report, DateTimeOffset now)
    {
        var month = UsageMonth.Of(report.MonthStart);
        var closing = report.Draft ? null : kept.Closings.FirstOrDefault(closing => closing.Month == month && closing.Version == report.Version);
        var state = report.Draft ? new MonthState(null, UsageMonth.Of(report.SavedAt) == month) : new MonthState(report.Version, InProgress: false);
        DateTimeOffset? until = closing is { ReopenedAt: null } ? null : closing?.ClosedAt ?? report.SavedAt;
        return new(who.Names, new ReportEdition(now, report.Sha256), state, report.SavedAt, until, closing?.ClinicName);
    }

    private async Task<bool> IsAffectedAsync(SavedReport report, CancellationToken cancellation)
    {
        if (who.Names.InAddress(report.Variant) != report.Variant) return true;
        if (RequestOf(report) is not { } asked) return true;
        if (asked.Filter.ForAccountant) return false;
        // Without the terms' instant: what is there now and was not then is looked for too.
        var events = await new ReportRows(db, asked.Filter).EventsAsync(cancellation);
        return await who.Events(events).AnyAsync(cancellation) || await HasReasonAsync(events, cancellation) || MayHaveMoved(report);
    }

    private async Task<bool> HasReasonAsync(IQueryable<UsageEvent> events, CancellationToken cancellation) =>
        (await events.Where(usage => usage.CorrectsId != null && usage.Reason != null).Select(usage => usage.Reason!).Distinct().ToListAsync(cancellation)).Exists(who.Names.Text.IsIn);

    /// <summary>A reopening after it was saved has taken late rows back into their month.</summary>
    private bool MayHaveMoved(SavedReport report) => who.Month is null && kept.Closings.Any(closing => closing.ReopenedAt > report.SavedAt && closing.Month.Start < report.MonthStart);
}

using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Features.Shared;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.SavedReports;

/// <summary>The archive of saved PDFs, latest first.</summary>
public sealed class IndexModel(CreditUsageDb db) : PageModel
{
    /// <summary>Reports on a page.</summary>
    public const int Listed = 100;

    /// <summary>The latest closing of each month, by the month's first day.</summary>
    private Dictionary<DateOnly, MonthClosing> _closings = [];

    private Dictionary<ReportKind, int> _drafts = [];

    public IReadOnlyList<SavedReport> Reports { get; private set; } = [];

    /// <summary>Those that were mailed to somebody by hand.</summary>
    public IReadOnlySet<Guid> Sent { get; private set; } = new HashSet<Guid>();

    public ListPage At { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken cancellation)
    {
        _closings = (await db.MonthClosings.AsNoTracking().ToListAsync(cancellation)).GroupBy(closing => closing.Month).ToDictionary(month => month.Key.Start, month => month.MaxBy(closing => closing.Version)!);
        _drafts = await db.SavedReports.Where(report => report.Draft)
            .GroupBy(report => new { report.MonthStart, report.Sessions, report.TopUps, report.Form, report.Variant }).Select(kind => new { kind.Key, Latest = kind.Max(report => report.Version) })
            .ToDictionaryAsync(kind => new ReportKind(kind.Key.MonthStart, kind.Key.Sessions, kind.Key.TopUps, kind.Key.Form, kind.Key.Variant), kind => kind.Latest, cancellation);
        var number = ListPage.Asked(Request.Query);
        var reports = await db.SavedReports.AsNoTracking().OrderByDescending(report => report.SavedAt).ThenByDescending(report => report.Number).Skip((number - 1) * Listed).Take(Listed + 1).ToListAsync(cancellation);
        (Reports, At) = (reports.Take(Listed).ToList(), new ListPage("/saved-reports", number, reports.Count > Listed));
        var ids = Reports.Select(report => (Guid?)report.Id).ToList();
        Sent = await db.Deliveries.Where(delivery => ids.Contains(delivery.SavedReportId)).Select(delivery => delivery.SavedReportId!.Value).ToHashSetAsync(cancellation);
    }

    /// <summary>Such as "superseded by version 2"; null where it is current.</summary>
    public string? Superseded(SavedReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        int? draft = _drafts.TryGetValue(new ReportKind(report.MonthStart, report.Sessions, report.TopUps, report.Form, report.Variant), out var latest) ? latest : null;
        return ReportSuccession.Of(report, _closings.GetValueOrDefault(report.MonthStart), draft)?.Label;
    }
}

/// <summary>Drafts of one kind share a sequence of versions.</summary>
internal readonly record struct ReportKind(DateOnly MonthStart, bool Sessions, bool TopUps, ReportType Form, string Variant);

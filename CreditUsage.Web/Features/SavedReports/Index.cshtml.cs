using CreditUsage.Data;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.SavedReports;

/// <summary>The archive: every PDF that was kept, the latest first.</summary>
public sealed class IndexModel(CreditUsageDb db) : PageModel
{
    /// <summary>Each month's latest closing, by its first day.</summary>
    private Dictionary<DateOnly, MonthClosing> _closings = [];

    public IReadOnlyList<SavedReport> Reports { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancellation)
    {
        _closings = (await db.MonthClosings.AsNoTracking().ToListAsync(cancellation)).GroupBy(closing => closing.Month).ToDictionary(month => month.Key.Start, month => month.MaxBy(closing => closing.Version)!);
        Reports = await db.SavedReports.AsNoTracking().OrderByDescending(report => report.SavedAt).ThenByDescending(report => report.Number).ToListAsync(cancellation);
    }

    /// <summary>"superseded by version 2", as the page that verifies says it; null where nothing has taken its place.</summary>
    public string? Superseded(SavedReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return ReportSuccession.Of(report, _closings.GetValueOrDefault(report.MonthStart), Reports.Where(other => other.Draft && SameKind(other, report)).Max(other => (int?)other.Version))?.Label;
    }

    private static bool SameKind(SavedReport one, SavedReport other) =>
        (one.MonthStart, one.Sessions, one.TopUps, one.Form, one.Variant) == (other.MonthStart, other.Sessions, other.TopUps, other.Form, other.Variant);

    /// <summary>"Connected sessions and daily top-ups, billback, accountant's copy".</summary>
    public static string Shows(SavedReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var kinds = (report.Sessions, report.TopUps) switch { (true, true) => "Connected sessions and daily top-ups", (true, false) => "Connected sessions", _ => "Daily top-ups" };
        return kinds + (report.Form == ReportForm.Billback ? $", billback by {report.Variant[(report.Variant.LastIndexOf('=') + 1)..]}" : "")
            + (report.Variant.Contains("copy=accountant", StringComparison.Ordinal) ? ", accountant's copy" : "") + (report.Variant.Contains("programs=hidden", StringComparison.Ordinal) ? ", programs hidden" : "");
    }
}

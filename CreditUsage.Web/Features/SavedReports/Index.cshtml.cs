using CreditUsage.Data;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.SavedReports;

/// <summary>The archive: every PDF that was kept, the latest first.</summary>
public sealed class IndexModel(CreditUsageDb db) : PageModel
{
    /// <summary>Each month's latest version, by its first day.</summary>
    private Dictionary<DateOnly, int> _versions = [];

    public IReadOnlyList<SavedReport> Reports { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancellation)
    {
        _versions = (await db.MonthClosings.AsNoTracking().GroupBy(closing => closing.Month).Select(month => new { month.Key, Version = month.Max(closing => closing.Version) }).ToListAsync(cancellation))
            .ToDictionary(month => month.Key.Start, month => month.Version);
        Reports = await db.SavedReports.AsNoTracking().OrderByDescending(report => report.SavedAt).ThenByDescending(report => report.Number).ToListAsync(cancellation);
    }

    /// <summary>"superseded by version 2"; null where the month has no later version.</summary>
    public string? Superseded(SavedReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return _versions.TryGetValue(report.MonthStart, out var latest) && (report.Draft || report.Version < latest) ? $"superseded by version {latest}" : null;
    }

    /// <summary>"Connected sessions and daily top-ups, billback, accountant's copy".</summary>
    public static string Shows(SavedReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var kinds = (report.Sessions, report.TopUps) switch { (true, true) => "Connected sessions and daily top-ups", (true, false) => "Connected sessions", _ => "Daily top-ups" };
        return kinds + (report.Form == ReportForm.Billback ? ", billback" : "") + (report.Variant.Contains("copy=accountant", StringComparison.Ordinal) ? ", accountant's copy" : "");
    }
}

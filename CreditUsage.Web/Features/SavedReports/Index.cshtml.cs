using CreditUsage.Data;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.SavedReports;

/// <summary>The archive: every PDF that was kept, the latest first.</summary>
public sealed class IndexModel(CreditUsageDb db) : PageModel
{
    public IReadOnlyList<SavedReport> Reports { get; private set; } = [];

    /// <summary>Of those that a closed month kept: as which version.</summary>
    public IReadOnlyDictionary<Guid, int> Versions { get; private set; } = new Dictionary<Guid, int>();

    public async Task OnGetAsync(CancellationToken cancellation)
    {
        Versions = await db.MonthClosings.AsNoTracking().ToDictionaryAsync(closing => closing.SavedReportId, closing => closing.Version, cancellation);
        Reports = await db.SavedReports.AsNoTracking().OrderByDescending(report => report.SavedAt).ThenByDescending(report => report.Id).ToListAsync(cancellation);
    }
}

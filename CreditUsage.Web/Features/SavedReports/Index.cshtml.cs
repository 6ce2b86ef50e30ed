using CreditUsage.Data;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.SavedReports;

/// <summary>The archive: every PDF that was kept, the latest first.</summary>
public sealed class IndexModel(CreditUsageDb db) : PageModel
{
    public IReadOnlyList<SavedReport> Reports { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancellation) =>
        Reports = await db.SavedReports.AsNoTracking().OrderByDescending(report => report.SavedAt).ThenByDescending(report => report.Id).ToListAsync(cancellation);
}

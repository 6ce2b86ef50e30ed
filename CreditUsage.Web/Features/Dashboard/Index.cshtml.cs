using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Dashboard;

/// <summary>The balance at a glance.</summary>
public sealed class IndexModel(BalanceOverviewQuery query) : PageModel
{
    public BalanceOverview Overview { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken cancellation) => Overview = await query.RunAsync(cancellation);
}

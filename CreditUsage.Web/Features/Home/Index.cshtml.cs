using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Home;

/// <summary>The home page: the month, the credits and what needs attention at a glance.</summary>
public sealed class IndexModel(HomeOverviewQuery query) : PageModel
{
    public HomeOverview Home { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken cancellation) => Home = await query.RunAsync(cancellation);
}

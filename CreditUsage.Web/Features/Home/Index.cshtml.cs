using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Home;

public sealed class IndexModel(HomeOverviewQuery query) : PageModel
{
    public HomeOverview Home { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken cancellation) => Home = await query.RunAsync(cancellation);
}

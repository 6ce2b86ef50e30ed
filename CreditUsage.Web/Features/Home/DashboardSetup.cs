namespace CreditUsage.Features.Home;

public static class DashboardSetup
{
    public static void AddDashboard(this IServiceCollection services)
    {
        services.AddScoped<HomeOverviewQuery>();
        services.AddScoped<AttentionQuery>();
    }
}

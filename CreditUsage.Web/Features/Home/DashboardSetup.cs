namespace CreditUsage.Features.Dashboard;

public static class DashboardSetup
{
    public static void AddDashboard(this IServiceCollection services)
    {
        services.AddScoped<HomeOverviewQuery>();
        services.AddScoped<AttentionQuery>();
    }
}

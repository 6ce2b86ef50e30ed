using CreditUsage.Core.Closing;
using CreditUsage.Core.Jobs;
using CreditUsage.Features.Shared;

namespace CreditUsage.Features.Months;

public static class MonthsSetup
{
    public static void AddMonths(this IServiceCollection services)
    {
        services.AddScoped<MonthChecklist>();
        services.AddScoped<MonthsQuery>();
        services.AddScoped<CloseMonth>();
        services.AddScoped<IMonthClosing>(provider => provider.GetRequiredService<CloseMonth>());
        services.AddScoped<RequestClosing>();
        services.AddScoped<ReopenMonth>();
    }
}

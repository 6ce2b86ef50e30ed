using CreditUsage.Features.Shared;

namespace CreditUsage.Features.UsageReport;

public static class UsageReportSetup
{
    public static void AddUsageReport(this IServiceCollection services)
    {
        services.AddScoped<UsageReportQuery>();
        services.AddScoped<MakePdf>();
        services.AddScoped<SaveReport>();
        services.AddScoped<IMonthReport, MonthReport>();
    }
}

using CreditUsage.Features.Shared;
using CreditUsage.Features.UsageReport.Billback;
using CreditUsage.Features.UsageReport.Files;
using CreditUsage.Features.UsageReport.Pack;
using CreditUsage.Features.UsageReport.Paper;

namespace CreditUsage.Features.UsageReport;

public static class UsageReportSetup
{
    public static void AddUsageReport(this IServiceCollection services)
    {
        services.AddScoped<UsageReportQuery>();
        services.AddScoped<MakePdf>();
        services.AddScoped<ReportNumbers>();
        services.AddScoped<BillbackQuery>();
        services.AddScoped<MakeBillback>();
        services.AddScoped<SaveReport>();
        services.AddScoped<MakePack>();
        services.AddScoped<IMonthReport, MonthReport>();
        services.AddScoped<IMonthFiles, MonthFiles>();
        services.AddScoped<IUsageSums, UsageSums>();
    }
}

using CreditUsage.Core.Closing;
using CreditUsage.Core.Files;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Core.Report.Charts;
using CreditUsage.Features.CheckRows;
using CreditUsage.Features.Compare;
using CreditUsage.Features.Explain;
using CreditUsage.Features.Journals;
using CreditUsage.Features.Pack;
using CreditUsage.Features.SavedViews;
using CreditUsage.Features.Savings;
using CreditUsage.Features.Shared;

namespace CreditUsage.Features.UsageReport;

public static class UsageReportSetup
{
    public static void AddUsageReport(this IServiceCollection services)
    {
        services.AddScoped<ReportQuery>().AddScoped<ReportPageQuery>();
        services.AddScoped<MakePdf>();
        services.AddScoped<NextReportNumber>();
        services.AddScoped<BillbackQuery>();
        services.AddScoped<MakeBillback>();
        services.AddScoped<SaveReport>();
        services.AddScoped<MakePack>();
        services.AddScoped<ExplainTotal>();
        services.AddScoped<DrawCharts>();
        services.AddScoped<SaveView>();
        services.AddScoped<CompareMonths>();
        services.AddScoped<IMonthReport, MonthReport>();
        services.AddScoped<IMonthFiles, MonthFiles>();
        services.AddScoped<SavingsQuery>().AddScoped<DismissFinding>();
        services.AddScoped<VerifyMonth>();
        services.AddScoped<JournalsQuery>().AddScoped<SetAccounts>();
        services.AddScoped<IUsageSums, UsageSums>();
    }
}

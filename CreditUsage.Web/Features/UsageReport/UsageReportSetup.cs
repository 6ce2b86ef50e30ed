using CreditUsage.Features.Shared;
using CreditUsage.Features.UsageReport.Accounting;
using CreditUsage.Features.UsageReport.Billback;
using CreditUsage.Features.UsageReport.Compare;
using CreditUsage.Features.UsageReport.Explain;
using CreditUsage.Features.UsageReport.Files;
using CreditUsage.Features.UsageReport.MoneyFound;
using CreditUsage.Features.UsageReport.Pack;
using CreditUsage.Features.UsageReport.Paper;
using CreditUsage.Features.UsageReport.Pictures;
using CreditUsage.Features.UsageReport.Verifier;
using CreditUsage.Features.UsageReport.Views;

namespace CreditUsage.Features.UsageReport;

public static class UsageReportSetup
{
    public static void AddUsageReport(this IServiceCollection services)
    {
        services.AddScoped<UsageReportQuery>().AddScoped<ReportAroundQuery>();
        services.AddScoped<MakePdf>();
        services.AddScoped<ReportNumbers>();
        services.AddScoped<BillbackQuery>();
        services.AddScoped<MakeBillback>();
        services.AddScoped<SaveReport>();
        services.AddScoped<MakePack>();
        services.AddScoped<ExplainTotal>();
        services.AddScoped<DrawPictures>();
        services.AddScoped<SaveView>();
        services.AddScoped<CompareMonths>();
        services.AddScoped<IMonthReport, MonthReport>();
        services.AddScoped<IMonthFiles, MonthFiles>();
        services.AddScoped<MoneyFoundQuery>().AddScoped<DismissFinding>();
        services.AddScoped<VerifyMonth>();
        services.AddScoped<AccountingQuery>().AddScoped<SetAccounts>();
        services.AddScoped<IUsageSums, UsageSums>();
    }
}

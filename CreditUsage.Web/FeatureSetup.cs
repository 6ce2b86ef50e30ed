using CreditUsage.Core.Tables;
using CreditUsage.Features.Alerts;
using CreditUsage.Features.AllClinics;
using CreditUsage.Features.Anonymise;
using CreditUsage.Features.ApiKeys;
using CreditUsage.Features.Audit;
using CreditUsage.Features.CheckRows;
using CreditUsage.Features.Compare;
using CreditUsage.Features.Corrections;
using CreditUsage.Features.Credits;
using CreditUsage.Features.Deliveries;
using CreditUsage.Features.Explain;
using CreditUsage.Features.Home;
using CreditUsage.Features.Imports;
using CreditUsage.Features.Journals;
using CreditUsage.Features.Letterheads;
using CreditUsage.Features.Months;
using CreditUsage.Features.Pack;
using CreditUsage.Features.ReportJobs;
using CreditUsage.Features.SavedReports;
using CreditUsage.Features.SavedViews;
using CreditUsage.Features.Savings;
using CreditUsage.Features.Schedules;
using CreditUsage.Features.Shared;
using CreditUsage.Features.Subscriptions;
using CreditUsage.Features.UsageEvents;
using CreditUsage.Features.UsageReport;
using CreditUsage.Features.Users;
using CreditUsage.Features.Webhooks;
using CreditUsage.Features.Verify;
using CreditUsage.Platform.Jobs;

namespace CreditUsage;

internal static class FeatureSetup
{
    public static void AddFeatures(this IServiceCollection services)
    {
        services.AddScoped<ReportPageQuery>().AddScoped<SaveView>().AddScoped<ExplainTotal>().AddScoped<GeneratePack>().AddScoped<JobViewQuery>();
        services.AddScoped<FrameQuery>().AddScoped<AllClinicsQuery>().AddScoped<ClinicFigures>().AddScoped<ListFiles>();
        services.AddScoped<HomeOverviewQuery>().AddScoped<AttentionQuery>();
        services.AddScoped<RemoveOldReports>().AddScoped<SweepReportFiles>().AddScoped<VerifyFile>();
        services.AddScheduledJob<RemoveOldReportsJob>();

        services.AddScoped<CompareMonths>().AddScoped<SavingsQuery>().AddScoped<DismissFinding>().AddScoped<VerifyMonth>();
        services.AddScoped<JournalsQuery>().AddScoped<SetAccounts>();

        AddCredits(services);
        services.AddScoped<MonthsQuery>().AddScoped<CorrectUsage>().AddScoped<ReplaceUsage>().AddScoped<RecordByHand>();
        AddDeliveries(services);
        AddIntake(services);
        AddAdministration(services);
        AddAnonymising(services);
    }

    private static void AddAnonymising(IServiceCollection services)
    {
        services.AddScoped<MayAnonymise>().AddScoped<AskForAnonymisation>().AddScoped<PreviewAnonymisation>().AddScoped<MakeEditions>().AddScoped<ImportsWithNames>();
        services.AddScoped<AnonymiseClients>().AddScoped<EraseReplaced>().AddScoped<RunAnonymisation>().AddScoped<AnonymiseOldMonths>();
        services.AddHostedService<ResumeAnonymisations>();
        services.AddScheduledJob<AnonymiseOldMonthsJob>();
    }

    private static void AddCredits(IServiceCollection services)
    {
        services.AddScoped<PriceList>().AddScoped<SetCreditPrice>().AddScoped<RemoveCreditPrice>();
        services.AddScoped<TryPrice>().AddScoped<ComparePacks>().AddScoped<Reprice>().AddScoped<AskForRepricing>().AddHostedService<ResumeRepricings>();
        services.AddScoped<LedgerList>().AddScoped<RecordLedgerEntry>().AddScoped<ReverseEntry>().AddScoped<CreditLedger>().AddScoped<MakeStatementPdf>();
        services.AddScoped<PurchaseListKind>().AddScoped<ScheduleListKind>();
        services.AddScoped<ExplainBalance>().AddScoped<RecordBalanceProof>();
        services.AddScoped<SchedulesQuery>().AddScoped<AddSchedule>().AddScoped<EndSchedule>().AddScoped<ReassignSchedule>().AddScoped<SetCharging>().AddScoped<ChargeTopUps>();
        services.AddSingleton<ChargeEverySubscription>();
        services.AddScheduledJob<ChargeTopUpsJob>();
    }

    private static void AddDeliveries(IServiceCollection services)
    {
        services.AddScoped<DeliveriesQuery>().AddScoped<SetTerms>().AddScoped<ChangeRecipients>().AddScoped<SendTest>().AddScoped<TryAgain>().AddScoped<SendByHand>().AddScoped<RecipientListKind>();
        services.AddScoped<DueMonths>().AddScoped<ComposeDelivery>().AddScoped<SendDelivery>().AddScoped<DeliverMonths>();
        services.AddSingleton<DeliverEverySubscription>();
        services.AddScheduledJob<DeliverMonthsJob>();
    }

    private static void AddIntake(IServiceCollection services)
    {
        services.AddSingleton(new ImportLimits()).AddSingleton<QueueImport>().AddHostedService<ResumeImports>();
        services.AddScoped<ImportReader>().AddScoped<ImportUsage>().AddScoped<ReceiveImport>().AddScoped<ContinueImport>();
        services.AddSingleton<OpenTableFile>().AddScoped<ImportMappings>().AddScoped<ChooseColumns>();
        services.AddScoped<CheckImport>().AddScoped<StoreImport>().AddScoped<DecideImport>().AddScoped<ImportProgress>();
        services.AddMemoryCache();
        services.AddSingleton<StoredNames>().AddSingleton<WriteThrottle>().AddScoped<StoreUsage>().AddScoped<UsageEventsQuery>();
    }

    private static void AddAdministration(IServiceCollection services)
    {
        services.AddScoped<AlertsQuery>().AddScoped<ChangeAlerts>().AddScoped<AlertFigures>().AddScoped<EvaluateAlerts>().AddScoped<SendAlerts>();
        services.AddSingleton<EvaluateEverySubscription>();
        services.AddScheduledJob<EvaluateAlertsJob>();
        services.AddScoped<UserList>().AddScoped<InviteUser>().AddScoped<InvitationListKind>().AddScoped<ChangeUser>().AddScoped<RequireTwoFactor>().AddScoped<ResetPassword>();
        services.AddScoped<CreateApiKey>().AddScoped<RevokeApiKey>();
        services.AddScoped<AuditQuery>().AddScoped<SetLetterhead>().AddScoped<ChangeSubscription>().AddScoped<ChangeWebhooks>();
    }
}

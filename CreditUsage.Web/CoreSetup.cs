using CreditUsage.Core.Backups;
using CreditUsage.Core.Closing;
using CreditUsage.Core.Files;
using CreditUsage.Core.Intake;
using CreditUsage.Core.Integrity;
using CreditUsage.Core.Jobs;
using CreditUsage.Core.Ledger;
using CreditUsage.Core.Lists;
using CreditUsage.Core.Paper;
using CreditUsage.Core.People;
using CreditUsage.Core.Report;
using CreditUsage.Core.Webhooks;
using CreditUsage.Platform;
using CreditUsage.Platform.Jobs;

namespace CreditUsage;

public static class CoreSetup
{
    public static void AddCore(this IServiceCollection services, CreditUsageOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.AddScoped<CreditBalance>().AddScoped<CreditStatusQuery>();
        services.AddScoped<ReportQuery>().AddScoped<AddressKeys>().AddScoped<UsageSums>().AddScoped<BillbackQuery>();
        services.AddSingleton<ProvedMonths>().AddScoped<IMonthProof, ProveMonth>().AddScoped<MonthFiles>();
        services.AddScoped<GeneratePdf>().AddScoped<GenerateBillback>().AddScoped<NextReportNumber>().AddScoped<SaveReport>();
        services.AddScoped<MonthChecklist>().AddScoped<GenerateClosing>().AddScoped<CloseMonth>().AddScoped<ReopenMonth>();
        AddIntegrity(services);
        services.AddScheduledJob<RemoveAbandonedImportsJob>();
        services.AddScoped<JoinClinic>().AddScoped<MailPasswordLink>().AddSingleton<ForgottenPasswords>().AddHostedService(provider => provider.GetRequiredService<ForgottenPasswords>());
        services.AddScoped<ReverseImport>();
        services.AddSingleton<ReadList>().AddScoped<SealedUpload>().AddScoped<StoreList>();
        services.AddSingleton<WebhookTargets>().AddSingleton<WebhookSecrets>().AddScoped<SendWebhooks>().AddSingleton<SendWebhooksOfEverySubscription>();
        services.AddHttpClient(SendWebhooks.Client, client => (client.Timeout, client.MaxResponseContentBufferSize) = (TimeSpan.FromSeconds(20), 64 * 1024))
            // What became of a message stands in its own log; an address may hold a key.
            .RemoveAllLoggers().ConfigurePrimaryHttpMessageHandler(provider => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                ConnectCallback = provider.GetRequiredService<WebhookTargets>().ConnectAsync,
            });
        services.AddScheduledJob<SendWebhooksJob>();
        services.AddScoped<FolderImportFiles>();
        if (options.FilesInDatabase) services.AddScoped<ImportFiles, DatabaseImportFiles>();
        else services.AddScoped<ImportFiles, FolderImportFiles>();
        AddReportJobs(services);
    }

    private static void AddIntegrity(IServiceCollection services)
    {
        services.AddScoped<AnchorAudit>().AddScoped<ClockWitness>().AddScoped<VerifyData>().AddScoped<VerifyRecords>().AddScoped<VerifySums>();
        services.AddScoped<MakeBackup>().AddScoped<CopyDatabase>();
        services.AddScheduledJob<CheckDataJob>();
        services.AddScheduledJob<BackupJob>();
    }

    private static void AddReportJobs(IServiceCollection services)
    {
        services.AddSingleton(new JobLimits()).AddSingleton<RunningJobs>().AddSingleton<TriggerJobs>().AddSingleton<RecoverAbandonedJobs>().AddSingleton<RunJobs>();
        services.AddScoped<QueuedJobs>().AddScoped<QueueReport>().AddScoped<RequestClosing>().AddScoped<ClaimNextJob>().AddScoped<CloseSeveralMonths>().AddScoped<RunJob>();
        services.AddScoped<FinishJob>().AddScoped<CancelJob>().AddScoped<PurgeOldJobs>();
        services.AddScheduledJob<ReportJobsJob>();
        services.AddScheduledJob<PurgeOldJobsJob>();
    }
}

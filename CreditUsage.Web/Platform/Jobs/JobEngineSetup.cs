using Microsoft.Data.Sqlite;
using Quartz;

namespace CreditUsage.Platform.Jobs;

/// <summary>
/// The job engine: Quartz with its persistent store, so that a job survives the end of the process. It serialises all it does on
/// SQLite, so it has a file of its own beside the database. A job is a few lines that call a verb of a feature; what users see of it
/// is a row of ours.
/// </summary>
public static class JobEngineSetup
{
    private const string File = "jobs.db";

    public static void AddJobs(this IServiceCollection services, IConfiguration configuration)
    {
        var folder = Path.GetFullPath(configuration[$"{CreditUsageOptions.Section}:{nameof(CreditUsageOptions.DataPath)}"] ?? new CreditUsageOptions().DataPath);
        services.AddQuartz(quartz => quartz.UsePersistentStore(store =>
        {
            store.ProvisionSchema();
            store.UseSqlite(SqliteFactory.Instance, $"Data Source={Path.Combine(folder, File)}");
        }));
        services.AddQuartzHostedService(server => server.WaitForJobsToComplete = true);
    }
}

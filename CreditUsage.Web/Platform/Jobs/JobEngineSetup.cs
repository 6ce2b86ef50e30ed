using CreditUsage.Data.Engines;
using Quartz;

namespace CreditUsage.Platform.Jobs;

/// <summary>
/// The job engine: Quartz with its persistent store, so that a job survives the end of the process. A job is a few lines that call a
/// feature's action; the state of it that users see is a row of our database.
/// </summary>
public static class JobEngineSetup
{
    public static void AddJobs(this IServiceCollection services, CreditUsageOptions options)
    {
        services.AddQuartz(quartz => quartz.UsePersistentStore(store =>
        {
            store.ProvisionSchema();
            store.UseDatabase(options.Database.Provider, options.DataFolder);
        }));
        services.AddQuartzHostedService(server => server.WaitForJobsToComplete = true);
    }
}

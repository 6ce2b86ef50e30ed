using CreditUsage.Data.Engines;
using Quartz;

namespace CreditUsage.Platform.Jobs;

/// <summary>Quartz with its persistent store, so that a job survives the end of the process. The state that users see is a row of our database.</summary>
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

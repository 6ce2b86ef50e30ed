using CreditUsage.Data.Engines;

namespace CreditUsage.Platform.Integrity;

/// <summary>Where several processes serve the site, one of them runs each check: every minute the others read how it ended.</summary>
internal sealed class FollowChecks(DataChecks checks) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await checks.LoadAsync(stoppingToken);
            }
            catch (Exception problem) when (DatabaseFailure.IsUnavailable(problem))
            {
                // What is known stays until the database answers.
            }
        }
    }
}

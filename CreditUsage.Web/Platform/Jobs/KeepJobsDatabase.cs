using CreditUsage.Data;

namespace CreditUsage.Platform.Jobs;

/// <summary>
/// The job engine's file can be lost: where it is missing or damaged, it is put aside and made anew, at the start by the engine itself and later from a
/// copy of what the engine had planned when it started. What waits in the database is queued again.
/// </summary>
public sealed partial class KeepJobsDatabase(JobsDatabase jobs, TimeProvider clock, ILogger<KeepJobsDatabase> log) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    private readonly Lock _looking = new();
    private byte[]? _copy;

    /// <summary>The jobs that were queued are lost; who queued them does it again.</summary>
    public event EventHandler? MadeAnew;

    /// <summary>Whether it could make the file anew.</summary>
    public bool HasCopy => Volatile.Read(ref _copy) is not null;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // A first start has none, which is no damage.
        if (!jobs.IsWhole() && jobs.PutAside(clock.GetUtcNow()) is { } aside) LogPutAside(aside);
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Looks whether the file is whole. The engine must have started.</summary>
    public void Look()
    {
        lock (_looking)
        {
            if (jobs.IsWhole())
            {
                _copy ??= jobs.Copy();
                return;
            }
            if (_copy is null) return;
            LogPutAside(jobs.PutAside(clock.GetUtcNow()) ?? "nothing: it was missing");
            jobs.Restore(_copy);
        }
        MadeAnew?.Invoke(this, EventArgs.Empty);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(BetweenLooks);
        do
        {
            try
            {
                Look();
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                LogFailure(problem);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Warning, "The file of the job engine was missing or damaged and is made anew; put aside: {Aside}")]
    private partial void LogPutAside(string aside);

    [LoggerMessage(LogLevel.Error, "The file of the job engine could not be looked at or made anew; it is tried again")]
    private partial void LogFailure(Exception problem);
}

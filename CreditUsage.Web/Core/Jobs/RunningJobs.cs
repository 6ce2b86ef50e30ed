using System.Collections.Concurrent;

namespace CreditUsage.Core.Jobs;

/// <summary>The reports that this process is making, so that one that is cancelled here ends at once.</summary>
public sealed class RunningJobs
{
    private readonly ConcurrentDictionary<Guid, RunningJob> _running = [];

    /// <summary>Dispose it when the report is made or given up.</summary>
    public RunningJob Begin(Guid job, CancellationToken stopping) => _running[job] = new RunningJob(report => _running.TryRemove(new(job, report)), stopping);

    public bool Has(Guid job) => _running.ContainsKey(job);

    /// <summary>Nothing, where another process makes it: that one finds the wish in the job's row.</summary>
    public void Cancel(Guid job)
    {
        if (_running.TryGetValue(job, out var report)) report.Cancel();
    }
}

/// <summary>A report that is being made here.</summary>
public sealed class RunningJob : IDisposable
{
    // Never disposed: it holds nothing, and whoever cancels may come as the report ends.
    private readonly CancellationTokenSource _cancel = new();
    private readonly CancellationTokenSource _either;
    private readonly Action<RunningJob> _ended;

    public RunningJob(Action<RunningJob> ended, CancellationToken stopping)
    {
        _ended = ended;
        _either = CancellationTokenSource.CreateLinkedTokenSource(_cancel.Token, stopping);
        Token = _either.Token;
    }

    /// <summary>Cancelled when the report is not wanted any more, or the site stops.</summary>
    public CancellationToken Token { get; }

    public void Cancel() => _cancel.Cancel();

    public void Dispose()
    {
        _ended(this);
        _either.Dispose();
    }
}

using CreditUsage.Domain.Usage;

namespace CreditUsage.Data;

/// <summary>Inserts usage events within the context's transaction, by whichever statement is fastest on the engine.</summary>
internal abstract class UsageInsert : IDisposable
{
    /// <summary>Inserts those whose id, or whose device and day, are not taken yet.</summary>
    /// <returns>The inserted ones, in their order.</returns>
    public abstract Task<IReadOnlyList<UsageEvent>> RunAsync(IReadOnlyList<UsageEvent> rows, CancellationToken cancellation);

    public abstract void Dispose();
}

/// <summary>While it lasts, usage events that the context inserts are seen by it alone; nothing is written and nobody is locked out.</summary>
internal abstract class UsageDryRun : IAsyncDisposable
{
    /// <summary>Makes the stored events that rows may collide with visible, by id and by device and day. Call it before inserting them.</summary>
    public abstract Task IncludeStoredAsync(IReadOnlyList<UsageEvent> rows, CancellationToken cancellation);

    /// <summary>Forgets what was inserted.</summary>
    public abstract ValueTask DisposeAsync();
}

using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Data;

/// <summary>Inserts within the context's open transaction.</summary>
internal abstract class UsageInsert : IDisposable
{
    /// <summary>The key of the next inserted row; null where the database chooses it.</summary>
    public long? NextId { get; set; }

    /// <summary>Skips rows whose id, or whose device and day, is taken. Returns the inserted ones in their order.</summary>
    public abstract Task<IReadOnlyList<UsageEvent>> RunAsync(IReadOnlyList<UsageEvent> rows, CancellationToken cancellation);

    public abstract void Dispose();
}

/// <summary>While it lasts, only its context sees the events that it inserts. Nothing is written and no lock is held.</summary>
internal abstract class UsageDryRun : IAsyncDisposable
{
    /// <summary>Makes the stored events visible that rows may collide with, by id and by device and day, those with their corrections. Call it before inserting.</summary>
    public abstract Task IncludeStoredAsync(IReadOnlyList<UsageEvent> rows, CancellationToken cancellation);

    /// <summary>Which inserted sessions equal a stored one in all but the id: the instant, staff member, client, program and minutes. Of several stored ones it is the first by id.</summary>
    /// <param name="months">Those in whose reports stored ones are looked for.</param>
    public abstract Task<List<UsageDouble>> DoublesAsync(IReadOnlyCollection<UsageMonth> months, CancellationToken cancellation);

    public abstract ValueTask DisposeAsync();
}

/// <param name="EventId">Of the inserted event.</param>
/// <param name="Recorded">Of the stored one.</param>
internal sealed record UsageDouble(string EventId, string Recorded);

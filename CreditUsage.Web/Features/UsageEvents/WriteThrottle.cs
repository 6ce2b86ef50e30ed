namespace CreditUsage.Features.UsageEvents;

/// <summary>
/// The database has one writer at a time. Calls that store wait for it here, one after the other and without a thread each; what
/// writes besides them still waits at the database.
/// </summary>
internal sealed class WriteThrottle : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>A turn; dispose it after the commit.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        return new Turn(_turn);
    }

    public void Dispose() => _turn.Dispose();

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}

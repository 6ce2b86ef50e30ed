using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Pdf;

/// <summary>How many PDFs are made at once and how many may wait: more than the processors at a time only makes each slower.</summary>
public sealed class PdfPlaces(IOptions<CreditUsageOptions> options) : IDisposable
{
    private const int MostWaiting = 20;
    private readonly SemaphoreSlim _places = new(options.Value.Pdf.Concurrency ?? Environment.ProcessorCount);
    private int _waiting;

    /// <summary>A place; dispose it to make room for the next.</summary>
    /// <exception cref="PdfBusyException">Too many wait already.</exception>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellation)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting)
                throw new PdfBusyException();
            await _places.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
        return new Place(_places);
    }

    /// <summary>One more place for who has one already, where one is free at once; otherwise null.</summary>
    public IDisposable? EnterIfFree() => _places.Wait(0) ? new Place(_places) : null;

    public void Dispose() => _places.Dispose();

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}

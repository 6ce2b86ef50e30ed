using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Pdf;

/// <summary>How many PDFs are made at once and how many may wait: more than the processors at a time only makes each slower.</summary>
public sealed class PdfPlaces(IOptions<CreditUsageOptions> options) : IDisposable
{
    private const int MostWaiting = 20;
    private readonly int _most = options.Value.Pdf.Concurrency ?? Environment.ProcessorCount;
    private readonly SemaphoreSlim _places = new(options.Value.Pdf.Concurrency ?? Environment.ProcessorCount);
    private int _in;

    /// <summary>Lets somebody in to wait for a place; dispose it when there is nothing more to wait for. Asked for before anything is read or written for the PDF.</summary>
    /// <exception cref="PdfBusyException">Too many are in already.</exception>
    public IDisposable Admit()
    {
        if (Interlocked.Increment(ref _in) <= MostWaiting + _most) return new Leaving(() => Interlocked.Decrement(ref _in));
        Interlocked.Decrement(ref _in);
        throw new PdfBusyException("The server is busy making other PDFs. Wait a minute and try again.");
    }

    /// <summary>A place, for one who was let in; dispose it to make room for the next.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        return new Leaving(() => _places.Release());
    }

    /// <summary>One more place for who has one already, where one is free at once; otherwise null.</summary>
    public IDisposable? EnterIfFree() => _places.Wait(0) ? new Leaving(() => _places.Release()) : null;

    public void Dispose() => _places.Dispose();

    private sealed class Leaving(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}

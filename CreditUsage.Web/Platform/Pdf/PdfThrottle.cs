using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Pdf;

/// <summary>Limits how many PDFs are made and wait at once. The next place goes to the key with the fewest places, and to its longest waiter.</summary>
public sealed class PdfThrottle
{
    private const int MaxWaiting = 20;
    private const int MaxWaitingOfKey = 10;
    private const string Busy = "The server is busy with other PDFs. Try again in a minute.";

    private readonly Lock _lock = new();
    private readonly int _places;

    private readonly List<Waiter> _queue = [];
    private readonly Dictionary<int, int> _inUse = [];

    // By key, those that were admitted and have no place yet; some are not in the queue yet either.
    private readonly Dictionary<int, int> _waiting = [];

    public PdfThrottle(IOptions<CreditUsageOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _places = options.Value.Pdf.Concurrency ?? Environment.ProcessorCount;
    }

    /// <summary>Ask for it before reading or writing anything for the PDF. Dispose it when there is nothing more to wait for.</summary>
    /// <exception cref="PdfBusyException">Too many wait already, of all or of this key.</exception>
    public PdfAdmission Admit(int key)
    {
        lock (_lock)
        {
            // A caller that finds a place free does not count as waiting, though it has not taken the place yet.
            var free = _places - _inUse.Values.Sum();
            if (_waiting.Values.Sum() >= MaxWaiting + free || _waiting.GetValueOrDefault(key) >= MaxWaitingOfKey + free) throw new PdfBusyException(Busy);
            Add(_waiting, key, 1);
        }
        return new PdfAdmission(this, key);
    }

    /// <summary>One more place for a key that has one already; null where none is free at once.</summary>
    public IDisposable? EnterIfFree(int key)
    {
        lock (_lock)
        {
            if (_inUse.Values.Sum() >= _places) return null;
            Add(_inUse, key, 1);
        }
        return new Place(this, key);
    }

    internal async Task<IDisposable> EnterAsync(int key, CancellationToken cancellation)
    {
        var waiter = new Waiter(key);
        lock (_lock)
        {
            _queue.Add(waiter);
            AssignPlaces();
        }
        await using (cancellation.Register(() => Cancel(waiter, cancellation))) await waiter.Turn.Task;
        return new Place(this, key);
    }

    internal void Leave(int key)
    {
        lock (_lock) Add(_waiting, key, -1);
    }

    private void Free(int key)
    {
        lock (_lock)
        {
            Add(_inUse, key, -1);
            AssignPlaces();
        }
    }

    private void AssignPlaces()
    {
        while (_inUse.Values.Sum() < _places && _queue.MinBy(waiter => _inUse.GetValueOrDefault(waiter.Key)) is { } next)
        {
            _queue.Remove(next);
            Add(_inUse, next.Key, 1);
            Add(_waiting, next.Key, -1);
            next.Turn.SetResult();
        }
    }

    // A place that was assigned at the same moment is used, and freed like any other.
    private void Cancel(Waiter waiter, CancellationToken cancellation)
    {
        lock (_lock)
            if (_queue.Remove(waiter)) waiter.Turn.SetCanceled(cancellation);
    }

    private static void Add(Dictionary<int, int> counts, int key, int change)
    {
        var count = counts.GetValueOrDefault(key) + change;
        if (count == 0) counts.Remove(key);
        else counts[key] = count;
    }

    private sealed class Waiter(int key)
    {
        public int Key => key;

        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Place(PdfThrottle throttle, int key) : IDisposable
    {
        public void Dispose() => throttle.Free(key);
    }
}

public sealed class PdfAdmission(PdfThrottle throttle, int key) : IDisposable
{
    private bool _entered;

    public async Task<IDisposable> EnterAsync(CancellationToken cancellation)
    {
        var place = await throttle.EnterAsync(key, cancellation);
        _entered = true;
        return place;
    }

    public void Dispose()
    {
        if (!_entered) throttle.Leave(key);
    }
}

/// <summary>Limits the site's own rendering and reading for PDFs to half of the processors: unlike the engine, it cannot give way to pages.</summary>
public sealed class RenderThrottle : IDisposable
{
    private readonly ConcurrencyLimiter _turns = new(new ConcurrencyLimiterOptions { PermitLimit = Math.Max(1, Environment.ProcessorCount / 2), QueueLimit = int.MaxValue });

    /// <summary>First come, first served. Dispose the turn before waiting for anything else.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellation) => await _turns.AcquireAsync(cancellationToken: cancellation);

    public void Dispose() => _turns.Dispose();
}

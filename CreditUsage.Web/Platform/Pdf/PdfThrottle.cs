using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Pdf;

/// <summary>
/// How many PDFs are made at once and how many may wait: more than the processors at a time only makes each slower. The next place goes
/// to the subscription that has fewest being made, and of its waiters to the one that waited longest, so that nobody waits behind all
/// that somebody else asked for.
/// </summary>
public sealed class PdfThrottle
{
    private const int MaxWaiting = 20;
    private const int MaxWaitingOfOne = 10;
    private const string Busy = "The server is busy making other PDFs. Wait a minute and try again.";

    private readonly Lock _lock = new();
    private readonly int _most;

    /// <summary>Those who wait for a place, the one who has waited longest in front.</summary>
    private readonly List<Waiter> _queue = [];

    /// <summary>The places that each subscription has.</summary>
    private readonly Dictionary<int, int> _taken = [];

    /// <summary>Those who were let in and have no place yet, by subscription: some still write what is to become a PDF.</summary>
    private readonly Dictionary<int, int> _waiting = [];

    public PdfThrottle(IOptions<CreditUsageOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _most = options.Value.Pdf.Concurrency ?? Environment.ProcessorCount;
    }

    /// <summary>Lets somebody in to wait for a place; dispose it when there is nothing more to wait for. Asked for before anything is read or written for the PDF.</summary>
    /// <param name="owner">The subscription's id, or 0 for the site itself.</param>
    /// <exception cref="PdfBusyException">Too many wait already, of all or of this subscription.</exception>
    public PdfAdmission Admit(int owner)
    {
        lock (_lock)
        {
            // Whoever finds a place free does not count as waiting, though it has not taken the place yet.
            var free = _most - _taken.Values.Sum();
            if (_waiting.Values.Sum() >= MaxWaiting + free || _waiting.GetValueOrDefault(owner) >= MaxWaitingOfOne + free) throw new PdfBusyException(Busy);
            Add(_waiting, owner, 1);
        }
        return new PdfAdmission(this, owner);
    }

    /// <summary>One more place for who has one already, where one is free at once; otherwise null.</summary>
    /// <param name="owner">The subscription's id, or 0 for the site itself.</param>
    public IDisposable? EnterIfFree(int owner)
    {
        lock (_lock)
        {
            if (_taken.Values.Sum() >= _most) return null;
            Add(_taken, owner, 1);
        }
        return new Place(this, owner);
    }

    /// <summary>A place as soon as it is this one's turn. Whoever gives up before has taken none.</summary>
    internal async Task<IDisposable> EnterAsync(int owner, CancellationToken cancellation)
    {
        var waiter = new Waiter(owner);
        lock (_lock)
        {
            _queue.Add(waiter);
            GiveOut();
        }
        await using (cancellation.Register(() => GiveUp(waiter, cancellation))) await waiter.Turn.Task;
        return new Place(this, owner);
    }

    internal void Leave(int owner)
    {
        lock (_lock) Add(_waiting, owner, -1);
    }

    private void Free(int owner)
    {
        lock (_lock)
        {
            Add(_taken, owner, -1);
            GiveOut();
        }
    }

    private void GiveOut()
    {
        while (_taken.Values.Sum() < _most && _queue.MinBy(waiter => _taken.GetValueOrDefault(waiter.Owner)) is { } next)
        {
            _queue.Remove(next);
            Add(_taken, next.Owner, 1);
            Add(_waiting, next.Owner, -1);
            next.Turn.SetResult();
        }
    }

    /// <summary>Nothing, where the place was given at the same moment: then it is taken, and given back like any other.</summary>
    private void GiveUp(Waiter waiter, CancellationToken cancellation)
    {
        lock (_lock)
            if (_queue.Remove(waiter)) waiter.Turn.SetCanceled(cancellation);
    }

    private static void Add(Dictionary<int, int> counts, int owner, int change)
    {
        var count = counts.GetValueOrDefault(owner) + change;
        if (count == 0) counts.Remove(owner);
        else counts[owner] = count;
    }

    private sealed class Waiter(int owner)
    {
        public int Owner => owner;

        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Place(PdfThrottle places, int owner) : IDisposable
    {
        public void Dispose() => places.Free(owner);
    }
}

/// <summary>Leave to wait for a place.</summary>
public sealed class PdfAdmission(PdfThrottle places, int owner) : IDisposable
{
    private bool _entered;

    /// <summary>A place; dispose it to make room for the next.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellation)
    {
        var place = await places.EnterAsync(owner, cancellation);
        _entered = true;
        return place;
    }

    public void Dispose()
    {
        if (!_entered) places.Leave(owner);
    }
}

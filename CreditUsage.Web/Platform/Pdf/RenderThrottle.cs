using System.Threading.RateLimiting;

namespace CreditUsage.Platform.Pdf;

/// <summary>
/// Turns at what the site itself does for PDFs: reading and rendering long months, reading files back. The engine gives way to pages and this
/// cannot, so it has half of the processors at most, however many PDFs are made.
/// </summary>
public sealed class RenderThrottle : IDisposable
{
    private readonly ConcurrencyLimiter _turns = new(new ConcurrencyLimiterOptions { PermitLimit = Math.Max(1, Environment.ProcessorCount / 2), QueueLimit = int.MaxValue });

    /// <summary>A turn, in the order that they were asked for; dispose it as soon as there is anything to wait for.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellation) => await _turns.AcquireAsync(cancellationToken: cancellation);

    public void Dispose() => _turns.Dispose();
}

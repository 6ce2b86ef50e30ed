using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Security;

/// <summary>One check at a time for an account, so that a burst of guesses cannot overtake its count, and no more at once than there are processors.</summary>
public sealed class PasswordThrottle(IOptions<CreditUsageOptions> options, IHttpContextAccessor http) : IDisposable
{
    private readonly ConcurrencyLimiter[] _turns =
        [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new ConcurrencyLimiter(new() { PermitLimit = 1, QueueLimit = options.Value.Anonymous.WaitingSignIns }))];

    /// <summary>How many wait for their turn.</summary>
    public long Waiting => _turns.Sum(turn => turn.GetStatistics()!.CurrentQueuedCount);

    /// <summary>First come, first served; a request that hangs up leaves the queue. Dispose the turn when the failure has been counted.</summary>
    /// <param name="account">An address, in capitals, known or not.</param>
    /// <exception cref="PasswordQueueFullException">Too many wait already.</exception>
    public async Task<IDisposable> EnterAsync(string account)
    {
        ArgumentNullException.ThrowIfNull(account);
        var turn = _turns[(uint)string.GetHashCode(account, StringComparison.Ordinal) % _turns.Length];
        var lease = await turn.AcquireAsync(1, http.HttpContext?.RequestAborted ?? CancellationToken.None);
        if (lease.IsAcquired) return lease;
        lease.Dispose();
        throw new PasswordQueueFullException();
    }

    public void Dispose()
    {
        foreach (var turn in _turns) turn.Dispose();
    }
}

/// <summary>Answered 429, in words, by <see cref="AnonymousLimits"/>.</summary>
public sealed class PasswordQueueFullException() : UserFacingException("Too many passwords are being checked. Try again in a few seconds.");

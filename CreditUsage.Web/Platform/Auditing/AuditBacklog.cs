using System.Collections.Concurrent;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;

namespace CreditUsage.Platform.Auditing;

/// <summary>
/// Writes what was read into the audit, a moment later and many at once, so that no page waits for the database or fails because it is
/// busy. What cannot be written now is kept and tried again; what waits when the site stops is written before it ends.
/// </summary>
public sealed class AuditBacklog(IServiceScopeFactory scopes, ILogger<AuditBacklog> log) : BackgroundService
{
    /// <summary>More than this wait only when the database has not been writable for long.</summary>
    internal const int MaxWaiting = 10_000;

    /// <summary>Entries of one transaction, beside which nobody else can write.</summary>
    private const int MaxAtOnce = 500;

    private static readonly TimeSpan BeforeTryingAgain = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<AuditedRead> _waiting = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly SemaphoreSlim _writing = new(1);

    /// <summary>Writes everything noted before this call. When that fails nothing is lost: it waits for the next.</summary>
    public async Task WriteAsync(CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            while (_waiting.TryPeek(out var first))
            {
                var reads = _waiting.TakeWhile(read => read.SubscriptionId == first.SubscriptionId).Take(MaxAtOnce).ToList();
                await WriteAsync(first.SubscriptionId, reads, cancellation);
                // Only now: until it is in the database it stays in the queue.
                foreach (var _ in reads) _waiting.TryDequeue(out var _);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>After the last request: what still waits is written.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    internal void Add(AuditedRead read)
    {
        if (_waiting.Count >= MaxWaiting)
        {
            // The log is the last resort: nobody is refused a page for want of its entry.
            log.LogError("The audit cannot be written and too much waits for it, so this stands here alone: {Read}", read);
            return;
        }
        _waiting.Enqueue(read);
        _arrived.Release();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await _arrived.WaitAsync(stoppingToken);
            while (!await TryWriteAsync(stoppingToken)) await Task.Delay(BeforeTryingAgain, stoppingToken);
        }
    }

    private async Task<bool> TryWriteAsync(CancellationToken cancellation)
    {
        try
        {
            await WriteAsync(cancellation);
            return true;
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            log.LogWarning(problem, "The audit could not be written and is tried again");
            return false;
        }
    }

    private async Task WriteAsync(int subscription, List<AuditedRead> reads, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentSubscription>().Enter(subscription);
        var audit = scope.ServiceProvider.GetRequiredService<AuditLog>();
        await using var transaction = await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().Database.BeginTransactionAsync(cancellation);
        foreach (var read in reads) await audit.AppendAsync(read.Actor, read.At, read.Action, read.Subject, read.Detail, cancellation);
        await transaction.CommitAsync(cancellation);
    }
}

/// <summary>Something that somebody looked at, waiting to be written into the audit of their subscription.</summary>
internal sealed record AuditedRead(int SubscriptionId, string Actor, DateTimeOffset At, AuditAction Action, string Subject, string Detail);

using System.Threading.Channels;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;

namespace CreditUsage.Platform.Auditing;

/// <summary>Notes a view or a download without waiting for the database. Changes are audited in their transaction, by <see cref="AuditLog"/>.</summary>
public sealed class AuditReads(AuditBacklog backlog, ApiReads api, CurrentSubscription current, IHttpContextAccessor http, TimeProvider clock)
{
    /// <summary>Nothing is noted for HEAD, whose answer shows nobody anything.</summary>
    /// <param name="subject">Such as "October 2026"; never a client's name.</param>
    public void Note(AuditAction action, string subject, string detail)
    {
        if (http.HttpContext is { } context && HttpMethods.IsHead(context.Request.Method)) return;
        backlog.Add(Read(action, subject, detail));
    }

    /// <summary>The same of a read by a key, which is summed by the minute.</summary>
    /// <param name="what">Such as "Events of October 2026"; never a client's name.</param>
    public void NoteByApi(string what) => api.Add(Read(AuditAction.ApiRead, "API", what));

    private AuditedRead Read(AuditAction action, string subject, string detail) =>
        new(current.Id ?? throw new InvalidOperationException("No subscription has been entered in this scope."), current.Actor, clock.GetUtcNow(), action, subject, detail);
}

public static class AuditingSetup
{
    public static void AddAuditing(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddScoped<AuditLog>();
        services.AddScoped<AuditReads>();
        services.AddSingleton<ApiReads>();
        services.AddSingleton<AuditBacklog>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditBacklog>());
    }
}

/// <summary>Writes reads to the audit in the background, so that no page waits for the database. Failed writes are retried; the rest is written when the site stops.</summary>
public sealed class AuditBacklog(IServiceScopeFactory scopes, ApiReads api, TimeProvider clock, ILogger<AuditBacklog> log) : BackgroundService
{
    /// <summary>Reached only when the database has not been writable for long.</summary>
    private const int MaxWaiting = 10_000;

    /// <summary>Entries of one transaction, which blocks every other writer.</summary>
    private const int BatchSize = 500;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>How long the reads of a minute that is over wait at most.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(10);

    /// <summary>How long a page waits for another writer.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(500);

    private readonly Channel<AuditedRead> _waiting = Channel.CreateBounded<AuditedRead>(MaxWaiting);
    private readonly SemaphoreSlim _writing = new(1);

    // Taken from the channel and not committed yet. Guarded by _writing.
    private readonly List<AuditedRead> _batch = new(BatchSize);

    /// <summary>Writes everything noted before this call. A failed write loses nothing: it is retried.</summary>
    public async Task WriteAsync(CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            AddSums(clock.GetUtcNow());
            while (TakeBatch())
            {
                await WriteBatchAsync(cancellation);
                _batch.Clear();
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>The same for a page that shows the audit: it waits for a moment, and no longer where the database is busy.</summary>
    /// <returns>False where entries still wait to be written.</returns>
    public async Task<bool> TryWriteSoonAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().CanWriteAsync(Soon, cancellation) && await TryWriteAsync(cancellation);
    }

    /// <summary>Runs after the last request.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        AddSums(null);
        await WriteAsync(cancellationToken);
    }

    internal void Add(AuditedRead read)
    {
        // The log is the last resort: no page is refused because its entry cannot be written.
        if (!_waiting.Writer.TryWrite(read)) log.LogError("The audit cannot be written and too much waits for it, so this stands here alone: {Read}", read);
    }

    private void AddSums(DateTimeOffset? now)
    {
        foreach (var read in api.Take(now)) Add(read);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await WaitForReadsAsync(stoppingToken);
            while (!await TryWriteAsync(stoppingToken)) await Task.Delay(RetryDelay, stoppingToken);
        }
    }

    private async Task WaitForReadsAsync(CancellationToken cancellation)
    {
        // Inside the lock: a page that writes and fails leaves its batch behind with nothing in the channel.
        await _writing.WaitAsync(cancellation);
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        soon.CancelAfter(BetweenLooks);
        var noted = _batch.Count > 0 ? Task.FromResult(true) : _waiting.Reader.WaitToReadAsync(soon.Token).AsTask();
        _writing.Release();
        try
        {
            await noted;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // A minute of a key's reads may be over.
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

    private bool TakeBatch()
    {
        while (_batch.Count < BatchSize && _waiting.Reader.TryPeek(out var next) && (_batch.Count == 0 || next.SubscriptionId == _batch[0].SubscriptionId)
            && _waiting.Reader.TryRead(out next))
            _batch.Add(next);
        return _batch.Count > 0;
    }

    private async Task WriteBatchAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentSubscription>().Enter(_batch[0].SubscriptionId);
        var audit = scope.ServiceProvider.GetRequiredService<AuditLog>();
        await using var transaction = await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().BeginWriteAsync(cancellation);
        foreach (var read in _batch) await audit.AppendAsync(read.Actor, read.At, read.Action, read.Subject, read.Detail, cancellation);
        await transaction.CommitAsync(cancellation);
    }
}

internal sealed record AuditedRead(int SubscriptionId, string Actor, DateTimeOffset At, AuditAction Action, string Subject, string Detail);

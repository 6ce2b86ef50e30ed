using System.Threading.Channels;
using CreditUsage.Data;
using CreditUsage.Data.Engines;
using CreditUsage.Domain.People;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Platform.Api;

/// <summary>Stores when a key was last used, to the minute and in the background, so that no call waits for it. A failed write is skipped: the next call brings another.</summary>
public sealed class KeyUses(IServiceScopeFactory scopes, ILogger<KeyUses> log) : BackgroundService
{
    private const int MaxWaiting = 1000;

    private readonly Channel<(int KeyId, DateTimeOffset Minute)> _waiting =
        Channel.CreateBounded<(int, DateTimeOffset)>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public void Add(ApiKey key, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(key);
        var minute = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMinute));
        if (key.LastUsedAt is null || key.LastUsedAt < minute) _waiting.Writer.TryWrite((key.Id, minute));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var written = new Dictionary<int, DateTimeOffset>();
        await foreach (var (keyId, minute) in _waiting.Reader.ReadAllAsync(stoppingToken))
        {
            // Calls of the same minute were added before it was written.
            if (written.GetValueOrDefault(keyId) >= minute) continue;
            written[keyId] = minute;
            await WriteAsync(keyId, minute, stoppingToken);
        }
    }

    private async Task WriteAsync(int keyId, DateTimeOffset minute, CancellationToken cancellation)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<CreditUsageDb>();
            await EverySubscription.WriteAsync(db, () => db.ApiKeys.OfEverySubscription()
                .Where(key => key.Id == keyId && (key.LastUsedAt == null || key.LastUsedAt < minute))
                .ExecuteUpdateAsync(set => set.SetProperty(key => key.LastUsedAt, minute), cancellation));
        }
        catch (Exception problem) when (DatabaseFailure.IsUnavailable(problem))
        {
            log.LogWarning("When key {KeyId} was last used could not be written: {Problem}", keyId, problem.Message);
        }
    }
}

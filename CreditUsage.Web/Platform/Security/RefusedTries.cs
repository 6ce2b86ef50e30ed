using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using CreditUsage.Platform.Auditing;

namespace CreditUsage.Platform.Security;

/// <summary>Sign-ins that no password opens (locked, disabled, not yet invited) are one audit entry a minute with their count: a flood must not fill what can never be shortened.</summary>
public sealed class RefusedTries(AuditBacklog backlog, TimeProvider clock) : IHostedService, IDisposable
{
    private static readonly TimeSpan Together = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string UserId, string Obstacle), Tries> _open = [];

    /// <param name="clinic">Whose audit gets the entry.</param>
    /// <param name="obstacle">Such as "The account is locked".</param>
    public void Add(AppUser user, int clinic, string obstacle)
    {
        ArgumentNullException.ThrowIfNull(user);
        var key = (user.Id, obstacle);
        lock (_open)
        {
            if (!_open.TryGetValue(key, out var tries)) _open[key] = tries = new(user, clinic, obstacle, clock.CreateTimer(_ => Close(key), null, Together, Timeout.InfiniteTimeSpan));
            tries.Count++;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Hands over what is counted; the backlog stops later and writes it.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_open)
            foreach (var key in _open.Keys.ToList()) Close(key);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        lock (_open)
            foreach (var tries in _open.Values) tries.Timer.Dispose();
    }

    private void Close((string UserId, string Obstacle) key)
    {
        lock (_open)
        {
            if (!_open.Remove(key, out var tries)) return;
            tries.Timer.Dispose();
            var detail = $"{tries.Obstacle}: {tries.Count} {(tries.Count == 1 ? "try" : "tries")} within a minute";
            backlog.Add(new AuditedRead(tries.Clinic, AccountAudit.Anonymous, clock.GetUtcNow(), AuditAction.SignInFailed, tries.User.Email!, detail));
        }
    }

    private sealed class Tries(AppUser user, int clinic, string obstacle, ITimer timer)
    {
        public AppUser User => user;

        public int Clinic => clinic;

        public string Obstacle => obstacle;

        public ITimer Timer => timer;

        public int Count { get; set; }
    }
}

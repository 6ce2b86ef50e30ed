using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using CreditUsage.Data;
using CreditUsage.Data.Engines;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;

namespace CreditUsage.Platform.Security;

/// <summary>
/// The cookie holds a random key only, so that signing out, or removing the row, ends the session wherever the cookie is. A page that is read waits for no
/// write: renewals are kept in memory, and stored beside the request when enough of the idle time has passed.
/// </summary>
public sealed partial class DatabaseTicketStore(IServiceScopeFactory scopes, IHttpContextAccessor http, IMemoryCache renewed, TimeProvider clock, ILogger<DatabaseTicketStore> log) : ITicketStore
{
    /// <summary>A session ends this long after its sign-in, even when in use. Giving the password again begins it anew.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    /// <summary>How much of a renewal may be lost with the process.</summary>
    private static readonly TimeSpan StoredEvery = TimeSpan.FromMinutes(5);

    private static readonly string SecurityStamp = new ClaimsIdentityOptions().SecurityStampClaimType;

    private readonly ConcurrentDictionary<string, bool> _writing = new();

    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        var key = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        var now = clock.GetUtcNow();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CreditUsageDb>();
        await db.SignInSessions.Where(session => session.ExpiresAt < now).ExecuteDeleteAsync();
        db.Add(new SignInSession
        {
            KeyHash = Hash(key),
            UserId = ticket.Principal.FindFirstValue(ClaimTypes.NameIdentifier) ?? "",
            ClinicId = AppClaims.ClinicOf(ticket.Principal),
            Ticket = TicketSerializer.Default.Serialize(ticket),
            StartedAt = now,
            ExpiresAt = Expiry(ticket, now),
            LastUsedAt = now,
            Browser = BrowserName.Of(http.HttpContext?.Request.Headers.UserAgent),
        });
        await db.SaveChangesAsync();
        CurrentSession.Begin(http.HttpContext, Hash(key));
        return key;
    }

    public async Task RenewAsync(string key, AuthenticationTicket ticket)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        var (hash, now) = (Hash(key), clock.GetUtcNow());
        if (await ReadAsync(hash) is not { } session) return;
        var renewal = new Renewal(TicketSerializer.Default.Serialize(ticket), Expiry(ticket, session.StartedAt));
        renewed.Set((nameof(DatabaseTicketStore), hash), renewal, Longest);
        // After a new password this is the only session that goes on, wherever it is looked up.
        if (StampOf(ticket) != StampOf(TicketSerializer.Default.Deserialize(session.Ticket)))
        {
            await using var scope = scopes.CreateAsyncScope();
            await StoreAsync(Of(scope, hash), renewal, now);
        }
        else if (renewal.ExpiresAt - session.ExpiresAt >= StoredEvery)
        {
            WriteBeside(hash, sessions => StoreAsync(sessions, renewal, now));
        }
    }

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        var hash = Hash(key);
        SignInSession? session;
        try
        {
            // Always from the database whether there is one, since another process may have ended it.
            session = await ReadAsync(hash);
        }
        catch (Exception problem) when (http.HttpContext is not null && DatabaseFailure.IsUnreachable(problem))
        {
            UnreadSession.Keep(http.HttpContext, problem);
            return null;
        }
        if (session is null) return null;
        var latest = renewed.Get<Renewal>((nameof(DatabaseTicketStore), hash)) is { } renewal && renewal.ExpiresAt >= session.ExpiresAt ? renewal : new(session.Ticket, session.ExpiresAt);
        if (latest.ExpiresAt <= clock.GetUtcNow() || TicketSerializer.Default.Deserialize(latest.Ticket) is not { } ticket) return null;
        CurrentSession.Set(ticket.Properties, hash, session.StartedAt + Longest);
        return ticket;
    }

    public async Task RemoveAsync(string key)
    {
        await using var scope = scopes.CreateAsyncScope();
        await Of(scope, Hash(key)).ExecuteDeleteAsync();
    }

    /// <summary>Where a page that is read finds the session no longer good, it is refused at once and every time; its row may go later.</summary>
    public Task RemoveAsync(string key, HttpContext httpContext, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        if (!HttpMethods.IsGet(httpContext.Request.Method) && !HttpMethods.IsHead(httpContext.Request.Method)) return RemoveAsync(key);
        WriteBeside(Hash(key), sessions => sessions.ExecuteDeleteAsync());
        return Task.CompletedTask;
    }

    /// <summary>One write of a session at a time: while the database is busy, more would only wait as well.</summary>
    private void WriteBeside(string hash, Func<IQueryable<SignInSession>, Task<int>> write)
    {
        if (!_writing.TryAdd(hash, true)) return;
        _ = Task.Run(async () =>
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await write(Of(scope, hash));
            }
            catch (Exception problem) when (DatabaseFailure.IsUnavailable(problem) || problem is ObjectDisposedException)
            {
                LogFailure(problem.Message);
            }
            finally
            {
                _writing.TryRemove(hash, out _);
            }
        });
    }

    private static Task<int> StoreAsync(IQueryable<SignInSession> sessions, Renewal renewal, DateTimeOffset now) =>
        sessions.ExecuteUpdateAsync(set => set.SetProperty(row => row.Ticket, renewal.Ticket).SetProperty(row => row.ExpiresAt, renewal.ExpiresAt).SetProperty(row => row.LastUsedAt, now));

    private static string? StampOf(AuthenticationTicket? ticket) => ticket?.Principal.FindFirstValue(SecurityStamp);

    private async Task<SignInSession?> ReadAsync(string hash)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await Of(scope, hash).SingleOrDefaultAsync();
    }

    private static IQueryable<SignInSession> Of(AsyncServiceScope scope, string hash) =>
        scope.ServiceProvider.GetRequiredService<CreditUsageDb>().SignInSessions.AsNoTracking().Where(session => session.KeyHash == hash);

    private static DateTimeOffset Expiry(AuthenticationTicket ticket, DateTimeOffset started)
    {
        var latest = started + Longest;
        return ticket.Properties.ExpiresUtc is { } idle && idle < latest ? idle : latest;
    }

    internal static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    [LoggerMessage(LogLevel.Warning, "A session could not be renewed in the database, which the next page tries again: {Problem}")]
    private partial void LogFailure(string problem);

    private sealed record Renewal(byte[] Ticket, DateTimeOffset ExpiresAt);
}

using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using CreditUsage.Data;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Platform.Security;

/// <summary>The cookie holds a random key only, so that signing out, or removing the row, ends the session wherever the cookie is.</summary>
public sealed class DatabaseTicketStore(IServiceScopeFactory scopes, IHttpContextAccessor http, TimeProvider clock) : ITicketStore
{
    /// <summary>A session ends this long after its sign-in, even when in use. Giving the password again begins it anew.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    /// <summary>The item of a ticket's properties that says which row it was read from.</summary>
    public const string SessionKeyHash = "session";

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
            Ticket = TicketSerializer.Default.Serialize(ticket),
            StartedAt = now,
            ExpiresAt = Expiry(ticket, now),
            LastUsedAt = now,
            Browser = BrowserName.Of(http.HttpContext?.Request.Headers.UserAgent),
        });
        await db.SaveChangesAsync();
        return key;
    }

    public async Task RenewAsync(string key, AuthenticationTicket ticket)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CreditUsageDb>();
        if (await FindAsync(db, key) is not { } session) return;
        var (bytes, expires, now) = (TicketSerializer.Default.Serialize(ticket), Expiry(ticket, session.StartedAt), clock.GetUtcNow());
        // One statement: a session that was ended meanwhile stays ended.
        await db.SignInSessions.Where(row => row.KeyHash == session.KeyHash)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Ticket, bytes).SetProperty(row => row.ExpiresAt, expires).SetProperty(row => row.LastUsedAt, now));
    }

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        await using var scope = scopes.CreateAsyncScope();
        var session = await FindAsync(scope.ServiceProvider.GetRequiredService<CreditUsageDb>(), key);
        if (session is null || session.ExpiresAt <= clock.GetUtcNow() || TicketSerializer.Default.Deserialize(session.Ticket) is not { } ticket) return null;
        ticket.Properties.Items[SessionKeyHash] = session.KeyHash;
        return ticket;
    }

    public async Task RemoveAsync(string key)
    {
        await using var scope = scopes.CreateAsyncScope();
        var hash = Hash(key);
        await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().SignInSessions.Where(session => session.KeyHash == hash).ExecuteDeleteAsync();
    }

    private static ValueTask<SignInSession?> FindAsync(CreditUsageDb db, string key) => db.SignInSessions.FindAsync(Hash(key));

    private static DateTimeOffset Expiry(AuthenticationTicket ticket, DateTimeOffset started)
    {
        var latest = started + Longest;
        return ticket.Properties.ExpiresUtc is { } idle && idle < latest ? idle : latest;
    }

    internal static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}

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
public sealed class DatabaseTicketStore(IServiceScopeFactory scopes, TimeProvider clock) : ITicketStore
{
    /// <summary>A session ends this long after its sign-in, even when in use.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

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
        session.Ticket = TicketSerializer.Default.Serialize(ticket);
        session.ExpiresAt = Expiry(ticket, session.StartedAt);
        await db.SaveChangesAsync();
    }

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        await using var scope = scopes.CreateAsyncScope();
        var session = await FindAsync(scope.ServiceProvider.GetRequiredService<CreditUsageDb>(), key);
        return session is null || session.ExpiresAt <= clock.GetUtcNow() ? null : TicketSerializer.Default.Deserialize(session.Ticket);
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

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}

using System.Globalization;
using System.Net;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Platform.Security;

/// <summary>A site whose clock these tests move, so nobody else shares it.</summary>
public sealed class SignInSite : IAsyncLifetime
{
    private int _clinic;
    private int _users;

    public Site Site { get; } = new();

    public async Task InitializeAsync()
    {
        Site.UseKestrel(0);
        Site.StartServer();
        _clinic = await Site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
    }

    public Task DisposeAsync() => Site.DisposeAsync().AsTask();

    /// <summary>A new user's address.</summary>
    public async Task<string> UserAsync(string role = Roles.FinanceAdministrator, bool isTemporary = false)
    {
        var email = string.Create(CultureInfo.InvariantCulture, $"user{Interlocked.Increment(ref _users)}@clinic.example");
        Assert.Empty(await Site.UserAsync(_clinic, email, role, isTemporary));
        return email;
    }

    public async Task<HttpStatusCode> TryAsync(string email, string password)
    {
        using var visitor = new Visitor(Site);
        using var answer = await visitor.SignInAsync(email, password);
        return answer.StatusCode;
    }

    /// <summary>Moves the clock on to the next such time of day, UTC.</summary>
    public void GoTo(TimeSpan timeOfDay)
    {
        var now = Site.Clock.GetUtcNow();
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero) + timeOfDay;
        Site.Clock.SetUtcNow(today > now ? today : today.AddDays(1));
    }
}

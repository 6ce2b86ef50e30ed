using CreditUsage.Domain.Months;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Features.Credits;

/// <summary>A site that listens, with two clinics that each test adds to as it needs.</summary>
public sealed class CreditSite : IAsyncLifetime
{
    public static readonly UsageMonth October = new(2026, 10);

    private int _clinics;

    public Site Site { get; } = new();

    public Task InitializeAsync()
    {
        Site.UseKestrel(0);
        Site.StartServer();
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => Site.DisposeAsync().AsTask();

    /// <summary>A clinic of its own from 01/01/2026 on, and somebody signed in to it.</summary>
    public async Task<(int Clinic, Visitor Visitor)> ClinicAsync(string role = Roles.FinanceAdministrator)
    {
        var clinic = await Site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        return (clinic, await VisitorAsync(clinic, role));
    }

    public async Task<Visitor> VisitorAsync(int clinic, string role)
    {
        var email = $"user{Interlocked.Increment(ref _clinics)}@credits.example";
        await Site.UserAsync(clinic, email, role);
        return await Visitor.SignedInAsync(Site, email);
    }
}

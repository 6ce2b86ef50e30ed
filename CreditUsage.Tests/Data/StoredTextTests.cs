using CreditUsage.Data;
using CreditUsage.Domain.Reports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Data;

/// <summary>What people choose on a page has the length that it has, on either engine.</summary>
public sealed class StoredTextTests : IAsyncLifetime
{
    /// <summary>Four filters of 50 values each, with long ids.</summary>
    private const int Longest = 20_000;

    private readonly Site _site = new();

    public Task InitializeAsync()
    {
        _site.UseKestrel(0);
        _site.StartServer();
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _site.DisposeAsync().AsTask();

    [Fact]
    public async Task A_view_and_a_job_of_many_filters_are_kept_whole()
    {
        var clinic = await _site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        var chosen = new string('ł', Longest);
        await _site.InAsync(clinic, async services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            db.Add(new SavedView { SubscriptionId = clinic, Name = "Long", Owner = "one@clinic.example", Shared = false, IsDefault = false, Query = chosen, SavedAt = _site.Clock.GetUtcNow() });
            await db.SaveChangesAsync();
            return true;
        });

        Assert.Equal(chosen, await _site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().SavedViews.Select(view => view.Query).SingleAsync()));
        foreach (var (entity, property) in new[] { ("ReportJob", "Request"), ("SavedReport", "Variant"), ("SavedReport", "FileName"), ("AlertRule", "Emails"), ("DeliveryAttempt", "Outcome"), ("AlertNotice", "Outcome") })
            Assert.Null(await _site.InAsync(clinic, services => Task.FromResult(services.GetRequiredService<CreditUsageDb>().Model.GetEntityTypes().Single(type => type.ClrType.Name == entity).FindProperty(property)!.GetMaxLength())));
    }
}

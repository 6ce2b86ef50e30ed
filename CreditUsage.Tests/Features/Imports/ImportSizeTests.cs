using CreditUsage.Data;
using CreditUsage.Platform;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Imports;

[Collection(AloneCollection.Name)]
public sealed class ImportSizeTests : IDisposable
{
    /// <summary>Less than the file itself has.</summary>
    private const long BoundBytes = 8 * 1024 * 1024;

    private readonly Site _site = new();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Many_events_are_imported_in_bounded_memory()
    {
        var clinic = await _site.SubscriptionAsync("Clinic", new DateOnly(2020, 1, 1));
        await _site.PriceAsync(clinic, new DateOnly(2020, 1, 1), 525_000);
        var start = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        // Long names make the file long with fewer rows.
        var (events, longName) = (Tier.Times(25_000, 100_000), new string('n', 190));
        await using var file = new GeneratedStream(Enumerable.Range(1, events)
            .Select(i => CsvRow.Session($"E{i:000000}", start.AddMinutes(i * 30).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"), client: $"Client {i % 300}", staff: longName, program: longName)).Prepend(CsvText.Header));
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var result = await _site.ImportAsync(clinic, file);

        Assert.Equal((events, 0, true), (result.Accepted, result.ErrorCount, result.Stored));
        Assert.True(file.Position > BoundBytes);
        Assert.InRange(file.MaxMemory, 1, before + BoundBytes);
        // 5 credits at 52.5 pence are 262.5, half away from zero.
        Assert.Equal(events * 263L, await _site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().UsageEvents.SumAsync(usage => usage.CostPence)));
    }

    [Fact]
    public async Task A_quote_that_is_never_closed_is_noticed_at_once()
    {
        var clinic = await _site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        var forgotten = CsvRow.Session("E1", "2026-10-01T09:30:00Z").Replace("Ann", "\"Ann", StringComparison.Ordinal);
        await using var file = new GeneratedStream(Enumerable.Range(2, 160_000).Select(i => CsvRow.Session($"E{i}", "2026-10-01T09:30:00Z")).Prepend(forgotten).Prepend(CsvText.Header));

        var problem = await Assert.ThrowsAsync<UserFacingException>(() => _site.ImportAsync(clinic, file));

        Assert.Contains("line 2", problem.Message, StringComparison.Ordinal);
        Assert.Contains("quote", problem.Message, StringComparison.Ordinal);
        Assert.InRange(file.Position, 0, 1024 * 1024);
    }
}

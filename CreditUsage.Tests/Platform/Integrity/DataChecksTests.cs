using CreditUsage.Domain.Integrity;
using CreditUsage.Platform.Integrity;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Integrity;

/// <summary>A check that one node ran, as another reads it.</summary>
public sealed class DataChecksTests : IAsyncLifetime
{
    private readonly Site _site = new();

    public Task InitializeAsync()
    {
        _site.UseKestrel(0);
        _site.StartServer();
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _site.DisposeAsync().AsTask();

    [Fact]
    public async Task Another_node_reads_what_was_found_and_keeps_what_it_has_found_since()
    {
        var checks = _site.Services.GetRequiredService<DataChecks>();
        var other = new DataChecks(_site.Services.GetRequiredService<IServiceScopeFactory>(), _site.Clock);
        await checks.RecordAsync(DataCheckKind.Database, "a page is broken", CancellationToken.None);

        await other.LoadAsync(CancellationToken.None);
        Assert.True(other.IsDamaged);

        _site.Clock.Advance(TimeSpan.FromMinutes(1));
        other.Note(DataCheckKind.Database, problem: null);
        await other.LoadAsync(CancellationToken.None);
        Assert.False(other.IsDamaged);
    }
}

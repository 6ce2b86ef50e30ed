using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Jobs;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Jobs;

/// <summary>The file of the job engine may be lost at any time: what is to be done stands in the database.</summary>
[Trait(TestDatabase.Engine, TestDatabase.Sqlite)]
public sealed class JobsDatabaseTests : IAsyncLifetime
{
    private const string Email = "finance@jobs.example";

    private readonly Site _site = new();
    private int _clinic;

    private string Jobs => Path.Combine(_site.DataPath, "jobs.db");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _site.DisposeAsync().AsTask();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_is_damaged_or_missing_at_the_start_is_made_anew(bool damaged)
    {
        if (damaged) await DamageAsync();
        else File.Delete(Jobs);

        using var visitor = await StartAsync();

        Assert.Equal(UsageImportState.Checked, (await visitor.CheckedAsync(_site, _clinic, OneEvent)).State);
        Assert.Equal(damaged ? 1 : 0, Aside().Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_is_damaged_or_deleted_while_the_site_runs_is_made_anew_and_what_was_queued_goes_on(bool damaged)
    {
        using var visitor = await StartAsync();
        var (keep, jobs) = (_site.Services.GetRequiredService<KeepJobsDatabase>(), _site.Services.GetRequiredService<JobsDatabase>());
        await Wait.UntilAsync(() =>
        {
            keep.Look();
            return jobs.IsWhole() && keep.HasCopy;
        });
        if (damaged) await DamageAsync();
        else foreach (var part in new[] { "", "-wal", "-shm" }) File.Delete(Jobs + part);
        Assert.False(jobs.IsWhole());

        keep.Look();

        Assert.True(jobs.IsWhole());
        Assert.Equal(damaged ? 1 : 0, Aside().Length);
        var seen = await visitor.CheckedAsync(_site, _clinic, OneEvent);
        Assert.Equal((UsageImportState.Checked, 1), (seen.State, seen.Accepted));
        Assert.Equal(UsageImportState.Stored, (await visitor.StoreAsync(_site, _clinic, seen.Id)).State);
    }

    private static string OneEvent => CsvText.Of(CsvRow.Session("E1", "2026-10-01T09:30:00Z"));

    private string[] Aside() => Directory.GetFiles(_site.DataPath, "jobs.db.damaged-??????????????");

    /// <summary>As a disk does that writes something else over it; its log does not heal it.</summary>
    private async Task DamageAsync()
    {
        foreach (var part in new[] { "-wal", "-shm" }) File.Delete(Jobs + part);
        await File.WriteAllBytesAsync(Jobs, [.. Enumerable.Repeat((byte)7, 65536)]);
    }

    private async Task<Visitor> StartAsync()
    {
        _site.UseKestrel(0);
        _site.StartServer();
        _clinic = await _site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        await _site.UserAsync(_clinic, Email, Roles.FinanceAdministrator);
        return await Visitor.SignedInAsync(_site, Email);
    }
}

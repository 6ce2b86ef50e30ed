using System.Net;
using System.Text.Json;
using CreditUsage.Data;
using CreditUsage.Platform.Observability;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Quartz;

namespace CreditUsage.Tests.Platform.Observability;

/// <summary>What /health/ready sees of the server, in words.</summary>
public sealed class ServerChecksTests : IAsyncLifetime
{
    private (long Free, long Total) _disk = (50, 100);
    private readonly FakeEngine _engine = new();
    private readonly Site _site;

    public ServerChecksTests()
    {
        _engine.Do(FakeEngine.Honest);
        _site = new Site { ChangeServices = services => services.Replace(ServiceDescriptor.Singleton(new DiskSpace(_ => _disk))) };
        _site.With("CreditUsage:Pdf:WkhtmltopdfPath", _engine.Program).UseKestrel(0);
    }

    public async Task InitializeAsync()
    {
        _site.StartServer();
        await Wait.UntilAsync(async () => (await CheckAsync("jobs")).Status == "Healthy");
    }

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        _engine.Dispose();
    }

    [Fact]
    public async Task All_is_well_at_first()
    {
        foreach (var check in new[] { "database", "migrations", "stopping", "database writes", "data folder", "disk space" })
            Assert.Equal((check, "Healthy"), (check, (await CheckAsync(check)).Status));
    }

    [Theory]
    [InlineData(50, "Healthy")]
    [InlineData(49, "Degraded")]
    [InlineData(0, "Degraded")]
    public async Task Less_than_a_twentieth_of_the_disk_is_too_little(long free, string status)
    {
        _disk = (free, 1000);
        var check = await CheckAsync("disk space");
        Assert.Equal(status, check.Status);
        Assert.Contains(FormattableString.Invariant($"{free / 10.0:0.0}% of the data folder's disk is free"), check.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_somebody_else_writes_to_is_degraded_and_not_down()
    {
        await using (await TestDatabase.HoldWriteLockAsync(_site.DataPath)) Assert.Equal(("Degraded", HttpStatusCode.OK), ((await CheckAsync("database writes")).Status, (await ReadyAsync()).Code));
        Assert.Equal("Healthy", (await CheckAsync("database writes")).Status);
    }

    [Fact]
    public async Task A_newer_schema_is_down_and_says_when_to_look_again()
    {
        await RawData.RunAsync(_site.DataPath, "INSERT INTO \"__EFMigrationsHistory\" VALUES ('20990101000000_Later', '99.0.0')");
        Assert.Contains("newer version", (await CheckAsync("migrations")).Description, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "60"), ((await ReadyAsync()).Code, (await ReadyAsync()).RetryAfter));
    }

    [Fact]
    public async Task A_folder_that_others_may_look_into_is_degraded()
    {
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(_site.DataPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead);
        var check = await CheckAsync("data folder");
        Assert.Equal(("Degraded", true), (check.Status, check.Description.Contains("chmod 700", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_folder_that_is_gone_is_down()
    {
        var moved = _site.DataPath + "-moved";
        Directory.Move(_site.DataPath, moved);
        // Or the site would make another.
        await File.WriteAllTextAsync(_site.DataPath, "");
        try
        {
            Assert.Equal("Unhealthy", (await CheckAsync("data folder")).Status);
        }
        finally
        {
            File.Delete(_site.DataPath);
            Directory.Move(moved, _site.DataPath);
        }
    }

    [Fact]
    public async Task An_engine_that_is_removed_is_noticed_at_once()
    {
        Assert.DoesNotContain("not installed", (await CheckAsync("wkhtmltopdf")).Description, StringComparison.Ordinal);
        _engine.Remove();
        var check = await CheckAsync("wkhtmltopdf");
        Assert.Equal(("Degraded", true), (check.Status, check.Description.Contains("wkhtmltopdf is not installed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Jobs_that_have_stopped_are_degraded()
    {
        var scheduler = await _site.Services.GetRequiredService<ISchedulerFactory>().GetScheduler();
        await scheduler.Standby();
        Assert.Contains("Jobs have stopped", (await CheckAsync("jobs")).Description, StringComparison.Ordinal);
        await scheduler.Start();
        await Wait.UntilAsync(async () => (await CheckAsync("jobs")).Status == "Healthy");
    }

    [Fact]
    public async Task A_job_that_is_overdue_is_degraded_and_named()
    {
        var jobs = _site.Services.GetRequiredService<JobsDatabase>();
        // One that begins in the middle is due later, and looked at again.
        await Wait.UntilAsync(async () =>
        {
            if (jobs.EarliestDue() is not { } due) return false;
            var late = due.At.AddMinutes(5).AddSeconds(1);
            if (_site.Clock.GetUtcNow() < late) _site.Clock.SetUtcNow(late);
            return await CheckAsync("jobs") == ("Degraded", $"The job {due.Job} has been due since {due.At:yyyy-MM-dd HH:mm} UTC and has not begun. Start the site again.");
        });
    }

    private async Task<(string Status, string Description)> CheckAsync(string name)
    {
        using var ready = JsonDocument.Parse((await ReadyAsync()).Body);
        var check = ready.RootElement.GetProperty("checks").GetProperty(name);
        return (check.GetProperty("status").GetString()!, check.GetProperty("description").GetString() ?? "");
    }

    private async Task<(HttpStatusCode Code, string? RetryAfter, string Body)> ReadyAsync()
    {
        using var visitor = new Visitor(_site);
        using var answer = await visitor.GetAsync("/health/ready");
        return (answer.StatusCode, answer.Headers.RetryAfter?.ToString(), await answer.Content.ReadAsStringAsync());
    }
}

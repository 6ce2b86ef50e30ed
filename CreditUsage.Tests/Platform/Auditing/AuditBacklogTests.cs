using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Platform.Auditing;
using CreditUsage.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CreditUsage.Tests.Platform.Auditing;

public sealed class AuditBacklogTests(Site site) : IClassFixture<Site>
{
    [Fact]
    public async Task What_was_noted_is_written_by_itself_under_who_did_it_then()
    {
        var clinic = await ClinicAsync();
        var at = site.Clock.GetUtcNow();
        await NoteAsync(clinic, "ann@clinic.example", 1);

        await Wait.UntilAsync(async () => (await EntriesAsync(clinic)).Count == 1);
        var entry = Assert.Single(await EntriesAsync(clinic));
        Assert.Equal(("ann@clinic.example", AuditAction.View, "October 2026", "1", at), (entry.Actor, entry.Action, entry.Subject, entry.Detail, entry.At));
    }

    [Fact]
    public async Task Nobody_waits_while_the_database_is_busy_and_nothing_is_lost()
    {
        var clinic = await ClinicAsync();
        await site.InAsync(clinic, async services =>
        {
            await using var held = await services.GetRequiredService<CreditUsageDb>().Database.BeginTransactionAsync();
            for (var number = 1; number <= 50; number++) await NoteAsync(clinic, "ann@clinic.example", number);
            Assert.Empty(await EntriesAsync(clinic));
            return 0;
        });

        await Wait.UntilAsync(async () => (await EntriesAsync(clinic)).Count == 50);
        Assert.Equal(Enumerable.Range(1, 50), (await EntriesAsync(clinic)).Select(entry => int.Parse(entry.Detail)));
    }

    [Fact]
    public async Task What_waits_when_the_site_stops_is_written_before_it_ends()
    {
        var (mine, other) = (await ClinicAsync(), await ClinicAsync());
        using var backlog = new AuditBacklog(site.Services.GetRequiredService<IServiceScopeFactory>(), new ApiReads(), TimeProvider.System, NullLogger<AuditBacklog>.Instance);
        foreach (var (clinic, number) in new[] { (mine, 1), (other, 2), (mine, 3) }) await NoteAsync(clinic, "ann@clinic.example", number, backlog);
        Assert.Empty(await EntriesAsync(mine));

        await backlog.StopAsync(CancellationToken.None);

        Assert.Equal(["1", "3"], (await EntriesAsync(mine)).Select(entry => entry.Detail));
        Assert.Equal(["2"], (await EntriesAsync(other)).Select(entry => entry.Detail));
        Assert.Equal((2, null), await site.InAsync(mine, services => AuditChain.CheckAsync(services.GetRequiredService<CreditUsageDb>(), CancellationToken.None)));
    }

    [Fact]
    public async Task A_write_that_fails_loses_nothing_and_is_tried_again()
    {
        var clinic = await ClinicAsync();
        var scopes = new FailingOnce(site.Services.GetRequiredService<IServiceScopeFactory>());
        using var backlog = new AuditBacklog(scopes, new ApiReads(), TimeProvider.System, NullLogger<AuditBacklog>.Instance);
        for (var number = 1; number <= 3; number++) await NoteAsync(clinic, "ann@clinic.example", number, backlog);
        await Assert.ThrowsAsync<IOException>(() => backlog.WriteAsync(CancellationToken.None));
        Assert.Empty(await EntriesAsync(clinic));

        await backlog.StartAsync(CancellationToken.None);

        await Wait.UntilAsync(async () => (await EntriesAsync(clinic)).Count == 3);
        await backlog.StopAsync(CancellationToken.None);
        Assert.Equal(["1", "2", "3"], (await EntriesAsync(clinic)).Select(entry => entry.Detail));
    }

    [Fact]
    public async Task When_too_much_waits_the_log_has_the_rest()
    {
        using var log = new KeptLog(typeof(AuditBacklog).FullName!);
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(log));
        using var backlog = new AuditBacklog(site.Services.GetRequiredService<IServiceScopeFactory>(), new ApiReads(), TimeProvider.System, logs.CreateLogger<AuditBacklog>());
        for (var number = 1; number <= 10_000; number++) await NoteAsync(1, "ann@clinic.example", number, backlog);
        Assert.Empty(log.Lines);

        await NoteAsync(1, "ann@clinic.example", 10_001, backlog);

        Assert.Contains("10001", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_subscription_nothing_can_be_noted()
    {
        await using var scope = site.Services.CreateAsyncScope();
        Assert.Throws<InvalidOperationException>(() => scope.ServiceProvider.GetRequiredService<AuditReads>().Note(AuditAction.View, "October 2026", ""));
    }

    private Task<int> ClinicAsync() => site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));

    private Task<int> NoteAsync(int clinic, string who, int number, AuditBacklog? backlog = null) => site.InAsync(clinic, services =>
    {
        var current = services.GetRequiredService<CurrentSubscription>();
        current.Actor = who;
        new AuditReads(backlog ?? services.GetRequiredService<AuditBacklog>(), new ApiReads(), current, services.GetRequiredService<IHttpContextAccessor>(), site.Clock).Note(AuditAction.View, "October 2026", $"{number}");
        return Task.FromResult(number);
    });

    private Task<List<AuditEntry>> EntriesAsync(int clinic) =>
        site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().AuditEntries.AsNoTracking().OrderBy(entry => entry.Sequence).ToListAsync());

    private sealed class FailingOnce(IServiceScopeFactory scopes) : IServiceScopeFactory
    {
        private bool _failed;

        public IServiceScope CreateScope()
        {
            if (_failed) return scopes.CreateScope();
            _failed = true;
            throw new IOException("The disk does not answer.");
        }
    }
}

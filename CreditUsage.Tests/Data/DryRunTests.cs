using CreditUsage.Core.Intake;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Tests.Support;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Data;

/// <summary>What recording would do, found out without doing it.</summary>
public sealed class DryRunTests(Site site) : IClassFixture<Site>
{
    private static readonly Gen<string> Row =
        from id in Gen.Int[1, 12]
        from topUp in Gen.Bool
        from day in Gen.Int[1, 3]
        from variant in Gen.Int[0, 5]
        select topUp
            ? CsvRow.TopUp($"E{id}", $"2026-10-0{day}", $"100000000{id % 3}", note: variant == 0 ? "Renamed" : "Front desk")
            : CsvRow.Session($"E{id}", $"2026-10-0{day}T09:30:00Z", client: variant == 0 ? "Another Client" : "Ann Client", credits: variant == 1 ? "7" : "");

    [Fact]
    public async Task A_dry_run_says_what_the_import_then_does_for_any_file()
    {
        var files = new List<string[]>();
        Gen.Select(Row.Array[0, 20], Row.Array[1, 20]).Sample((before, file) => { lock (files) files.AddRange([before, file]); }, iter: 40, threads: 1);
        foreach (var pair in files.Chunk(2))
        {
            var clinic = await site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
            foreach (var row in pair[0]) await site.ImportTextAsync(clinic, CsvText.Of(row));
            var text = CsvText.Of(pair[1]);

            var checkedOnly = await site.ImportTextAsync(clinic, text, dryRun: true);
            var done = await site.ImportTextAsync(clinic, text);

            Assert.Equivalent(done with { Stored = false }, checkedOnly with { Doubles = null, Preview = null }, strict: true);
        }
    }

    [Fact]
    public async Task A_dry_run_locks_nobody_out_sees_one_state_and_leaves_nothing()
    {
        var clinic = await site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        await site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z"));

        var figures = await site.InAsync(clinic, async services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            await using var record = await RecordUsage.BeginDryRunAsync(db, site.Clock.GetUtcNow(), CancellationToken.None);
            await record.AddAsync(2, Event("E1"), CancellationToken.None);
            await record.AddAsync(3, Event("E2"), CancellationToken.None);
            Assert.Empty(await record.FlushAsync(CancellationToken.None));
            Assert.Equal(1, (await site.ImportRowsAsync(clinic, CsvRow.Session("E3", "2026-10-01T09:30:00Z"))).Accepted);
            await record.AddAsync(4, Event("E3"), CancellationToken.None);
            Assert.Empty(await record.FlushAsync(CancellationToken.None));
            await Assert.ThrowsAsync<InvalidOperationException>(() => record.CommitAsync(CancellationToken.None));
            return (record.Accepted, record.Duplicates);
        });

        Assert.Equal((2, 1), figures);
        Assert.Equal(["E1", "E3"], await site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().UsageEvents.OrderBy(usage => usage.EventId).Select(usage => usage.EventId).ToListAsync()));
    }

    private static UsageRecord Event(string id) =>
        new(id, UsageKind.ConnectedSession, new DateTimeOffset(2026, 10, 1, 9, 30, 0, TimeSpan.Zero), "S1", "Sam Staff", "C1", "Ann Client", "Sleep", null, null, 25, null, null);
}

using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Kill;

/// <summary>
/// Killed with SIGKILL while it imports, charges and closes, the site has lost nothing that it said was done, doubled nothing and left
/// nothing half there, and whoever receives its webhooks, killed as often, has each at least once. All go on side by side until the kill, a tenth of a second
/// apart from turn to turn.
/// </summary>
[Trait(TestDatabase.Engine, TestDatabase.Sqlite)]
public sealed class KillTests
{
    /// <summary>Folders that are killed side by side.</summary>
    private const int AtOnce = 2;

    private static readonly int KillsOfEach = Tier.Times(quick: 20, exhaustive: 100) / AtOnce;

    /// <summary>Of each folder, how many files, devices and months must at least have been done.</summary>
    private static readonly int Least = (KillsOfEach / 10) + 1;

    /// <summary>Kills between two measurements: others use this machine, too, and a round takes longer at one time than at another.</summary>
    private const int KillsOfMeasure = 10;

    [Fact]
    public async Task Kills_of_import_charge_close_and_webhooks_lose_and_double_nothing() =>
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => KillAgainAndAgainAsync(Random.Shared.Next())));

    /// <summary>Each time one backup is killed and one is restored, while the other process imports, charges and closes.</summary>
    [Fact]
    public async Task A_backup_under_load_has_all_that_was_acknowledged_and_a_killed_one_is_none()
    {
        var seed = Random.Shared.Next();
        await using var site = new KilledSite(seed);
        await site.FillAsync();
        var problem = await Record.ExceptionAsync(() => site.BackUpAsync(Tier.Times(quick: 3, exhaustive: 100)));
        Assert.True(problem is null, $"Seed {seed}: {problem}");
    }

    private static async Task KillAgainAndAgainAsync(int seed)
    {
        await using var site = new KilledSite(seed);
        await site.FillAsync();
        // Some come to their end before the kill, or the test would look at beginnings alone. Chance may want a few kills more.
        bool Enough() => site.Files >= Least && site.Devices >= Least && site.Months >= Least;
        for (var kill = 0; kill < KillsOfEach || (kill < KillsOfEach * 3 && !Enough()); kill++)
        {
            if (kill % KillsOfMeasure == 0) await site.MeasureAsync();
            var problem = await Record.ExceptionAsync(site.KillOnceAsync);
            Assert.True(problem is null, $"Seed {seed}, kill {kill}: {problem}");
        }
        await site.MakeGoodAsync();
        await site.SendTheRestAsync();
        Assert.True(Enough(), $"{site.Files} files, {site.Devices} devices and {site.Months} months were done between the kills.");
    }
}

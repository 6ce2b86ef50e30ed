using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Kill;

/// <summary>
/// Killed with SIGKILL while it imports, charges and closes, the site has lost nothing that it said was done, doubled nothing and left
/// nothing half there. All three go on side by side until the kill, a tenth of a second apart from turn to turn.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class KillTests
{
    private const int Kills = 100;

    /// <summary>Folders that are killed side by side.</summary>
    private const int AtOnce = 2;

    /// <summary>Kills between two measurements: others use this machine, too, and a round takes longer at one time than at another.</summary>
    private const int KillsOfMeasure = 10;

    [Fact]
    public async Task A_hundred_kills_of_import_charge_and_close_lose_and_double_nothing() =>
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => KillAgainAndAgainAsync(Random.Shared.Next())));

    private static async Task KillAgainAndAgainAsync(int seed)
    {
        using var site = new KilledSite(seed);
        await site.FillAsync();
        for (var kill = 0; kill < Kills / AtOnce; kill++)
        {
            if (kill % KillsOfMeasure == 0) await site.MeasureAsync();
            var problem = await Record.ExceptionAsync(site.KillOnceAsync);
            Assert.True(problem is null, $"Seed {seed}, kill {kill}: {problem}");
        }
        await site.MakeGoodAsync();
        // Some came to their end before the kill, or the test would have looked at beginnings alone.
        Assert.True(site is { Files: > Kills / AtOnce / 10, Devices: > Kills / AtOnce / 10, Months: > Kills / AtOnce / 10 }, $"{site.Files} files, {site.Devices} devices and {site.Months} months were done between the kills.");
    }
}

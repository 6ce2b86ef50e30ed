using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Kill;

/// <summary>
/// Killed with SIGKILL while it makes PDFs in the background, the site leaves no program running and no half file, and every report
/// that it said was saved is there, byte for byte, once.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class PdfKillTests
{
    private const int Kills = 200;

    /// <summary>Folders that are killed side by side.</summary>
    private const int AtOnce = 2;

    [Fact]
    public async Task Two_hundred_kills_while_reports_are_made_leave_no_program_no_half_file_and_lose_none() =>
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => KillAgainAndAgainAsync(Random.Shared.Next())));

    private static async Task KillAgainAndAgainAsync(int seed)
    {
        using var site = new KilledPdfSite(seed);
        await site.FillAsync();
        await site.MeasureAsync();
        for (var kill = 0; kill < Kills / AtOnce; kill++)
        {
            var problem = await Record.ExceptionAsync(site.KillOnceAsync);
            Assert.True(problem is null, $"Seed {seed}, kill {kill}: {problem}");
        }
        await site.MakeGoodAsync();
        // Some came to their end before the kill and some kills met a report that was being made, or the test would have looked at nothing.
        Assert.True(site is { Saved: > Kills / AtOnce / 10, Interrupted: > Kills / AtOnce / 10 }, $"Of {site.Asked} reports {site.Saved} were saved between the kills; {site.Interrupted} kills met one that was being made.");
    }
}

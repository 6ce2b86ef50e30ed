using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Kill;

/// <summary>
/// Killed with SIGKILL while it makes PDFs in the background, the site leaves no program running and no half file, and every report
/// that it said was saved is there, byte for byte, once.
/// </summary>
public sealed class PdfKillTests
{
    /// <summary>Folders that are killed side by side.</summary>
    private const int AtOnce = 2;

    /// <summary>Every so often a kill comes after a report has been saved.</summary>
    private const int BetweenSaves = 4;

    private static readonly int KillsOfEach = Tier.Times(quick: 20, exhaustive: 200) / AtOnce;

    /// <summary>Of each folder's kills, how many must at least have met a report that was being made, and how many reports been saved in between.</summary>
    private static readonly int Least = (KillsOfEach / 10) + 1;

    [Fact]
    public async Task Kills_while_reports_are_made_leave_no_program_no_half_file_and_lose_none() =>
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => KillAgainAndAgainAsync(Random.Shared.Next())));

    private static async Task KillAgainAndAgainAsync(int seed)
    {
        using var site = new KilledPdfSite(seed);
        await site.FillAsync();
        await site.MeasureAsync();
        var savedBefore = site.Saved;
        // Some come to their end before the kill and some kills meet a report that is being made, or the test would look at nothing. Chance may want a few kills more.
        bool Enough() => site.Saved - savedBefore >= Least && site.Interrupted >= Least;
        for (var kill = 0; kill < KillsOfEach || (kill < KillsOfEach * 3 && !Enough()); kill++)
        {
            var problem = await Record.ExceptionAsync(() => site.KillOnceAsync(savedFirst: kill % BetweenSaves == BetweenSaves - 1));
            Assert.True(problem is null, $"Seed {seed}, kill {kill}: {problem}");
        }
        await site.MakeGoodAsync();
        Assert.True(Enough(), $"Of {site.Asked} reports {site.Saved - savedBefore} were saved between the kills; {site.Interrupted} kills met one that was being made.");
    }
}

using System.Diagnostics;

namespace CreditUsage.Tests.Support;

/// <summary>Waits for what the site does by itself.</summary>
public static class Wait
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks again and again until it is so; fails where that takes longer than any machine needs.</summary>
    public static async Task UntilAsync(Func<Task<bool>> so, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(so);
        var since = Stopwatch.StartNew();
        while (!await so())
        {
            Assert.True(since.Elapsed < (patience ?? Patience), $"It did not happen within {(patience ?? Patience).TotalMinutes} minutes.");
            await Task.Delay(BetweenLooks);
        }
    }

    public static Task UntilAsync(Func<bool> so, TimeSpan? patience = null) => UntilAsync(() => Task.FromResult(so()), patience);
}

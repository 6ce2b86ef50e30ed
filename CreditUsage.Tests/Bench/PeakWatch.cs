namespace CreditUsage.Tests.Bench;

/// <summary>Watches how much memory a process's children come to hold.</summary>
internal static class PeakWatch
{
    // The kernel keeps the peak. Looked at more often, the looking takes from the processors what is measured.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The most that any one descendant of a process had resident while something was done. Those that ran before do not count, nor does one that
    /// is not its own program yet: until then it has its parent's memory.
    /// </summary>
    public static async Task<long> OfChildrenAsync(int process, Func<Task> act)
    {
        long peak = 0;
        var own = ProcessFigures.CommandLine(process);
        var before = ProcessFigures.Descendants(process).ToHashSet();
        var acting = act();
        while (!acting.IsCompleted)
        {
            peak = ProcessFigures.Descendants(process).Where(child => !before.Contains(child) && ProcessFigures.CommandLine(child) != own).Select(ProcessFigures.PeakBytes).Append(peak).Max();
            await Task.WhenAny(acting, Task.Delay(Interval));
        }
        await acting;
        return peak;
    }
}

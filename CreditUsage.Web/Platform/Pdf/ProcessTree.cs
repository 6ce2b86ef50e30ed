using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace CreditUsage.Platform.Pdf;

/// <summary>What runs on the machine, as /proc tells it: what a program of ours takes with all it started, and what it left running.</summary>
internal static class PdfProcesses
{
    private const int Kill = 9;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Not every kernel is built to (proc(5)).</summary>
    private static readonly bool ListsChildren = File.Exists($"/proc/self/task/{Environment.ProcessId}/children");

    /// <summary>The memory that a process and everything below it take at this moment, in bytes. Asked for many times a second, so it looks at nothing else where the kernel lists children.</summary>
    public static long ResidentBytes(int root)
    {
        var tree = ListsChildren ? Under(root).Select(Read).OfType<Running>() : Tree(root);
        return tree.Sum(process => process.Pages) * Environment.SystemPageSize;
    }

    /// <summary>A process and everything below it.</summary>
    public static IReadOnlySet<int> Below(int root) => Tree(root).Select(process => process.Id).ToHashSet();

    /// <summary>Ends whatever runs in a folder, also what has left its parent and its group, and returns when that is gone, and those that were ended before.</summary>
    public static async Task EndAllInAsync(string folder, IReadOnlySet<int> ended)
    {
        if (!OperatingSystem.IsLinux()) return;
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < Patience)
        {
            var left = Ids().Where(id => IsOf(id, folder)).ToList();
            if (left.Count == 0 && !ended.Any(id => Read(id) is { Ended: false })) return;
            foreach (var id in left) _ = Signal(id, Kill);
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    /// <summary>When a process began, in a word that tells it from any other that had its number; null when it has ended.</summary>
    public static string? Began(int id)
    {
        if (OperatingSystem.IsLinux()) return Read(id) is { Ended: false } running ? running.Began : null;
        try
        {
            using var process = Process.GetProcessById(id);
            return process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>What timeout put into a group of its own: it and all that it started.</summary>
    public static void EndGroup(int leader)
    {
        if (OperatingSystem.IsLinux()) _ = Signal(-leader, Kill);
    }

    private static IEnumerable<int> Under(int process) => Children(process).SelectMany(Under).Prepend(process);

    private static IEnumerable<int> Children(int process)
    {
        try
        {
            return [.. Directory.GetDirectories($"/proc/{process}/task").SelectMany(thread => File.ReadAllText($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return []; // It has ended, or one of its threads.
        }
    }

    private static List<Running> Tree(int root)
    {
        if (!OperatingSystem.IsLinux()) return [];
        var all = Ids().Select(Read).OfType<Running>().ToList();
        var children = all.ToLookup(process => process.Parent);
        var tree = all.Where(process => process.Id == root).ToList();
        for (var next = 0; next < tree.Count; next++) tree.AddRange(children[tree[next].Id]);
        return tree;
    }

    private static IEnumerable<int> Ids() => Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
        .Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0);

    /// <summary>Every program of ours is told its folder as its home, and passes that on to what it starts. What has ended and only waits to be buried has none.</summary>
    private static bool IsOf(int id, string folder)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{id}/environ")).Split('\0').Contains($"HOME={folder}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static Running? Read(int id)
    {
        try
        {
            // After the name, which may hold anything: state, parent, and far behind them the start since boot and the resident pages (proc(5)).
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new Running(id, int.Parse(fields[1], CultureInfo.InvariantCulture), long.Parse(fields[21], CultureInfo.InvariantCulture), fields[19], Ended: fields[0] is "Z" or "X");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "kill"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);

    private sealed record Running(int Id, int Parent, long Pages, string Began, bool Ended);
}

using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace CreditUsage.Platform.Pdf;

/// <summary>Processes and all they started, by proc(5).</summary>
internal static class ProcessTree
{
    private const int SigKill = 9;

    /// <summary>USER_HZ, the same on every Linux that .NET runs on.</summary>
    private const int TicksPerSecond = 100;

    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KillInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Not every kernel lists children.</summary>
    private static readonly bool ListsChildren = File.Exists($"/proc/self/task/{Environment.ProcessId}/children");

    /// <summary>Called four times a second for each PDF, so it reads no other process where the kernel lists children. Nothing where it is not Linux.</summary>
    public static TreeUse UseOf(int root)
    {
        var tree = (ListsChildren ? WithDescendants(root).Select(Read).OfType<Running>() : Tree(root)).ToList();
        return new TreeUse(
            tree.Sum(process => process.Pages) * Environment.SystemPageSize, tree.Count, TimeSpan.FromSeconds((double)tree.Sum(process => process.Ticks) / TicksPerSecond),
            tree.Exists(process => process.Waits));
    }

    public static IReadOnlySet<int> Ids(int root) => Tree(root).Select(process => process.Id).ToHashSet();

    /// <summary>Also kills what has left its parent and its group. Returns when all of them and of <paramref name="killed"/> have ended, or after 5 seconds.</summary>
    public static async Task KillAllInAsync(string folder, IReadOnlySet<int> killed)
    {
        if (!OperatingSystem.IsLinux()) return;
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < KillTimeout)
        {
            var left = AllIds().Where(id => IsIn(id, folder)).ToList();
            if (left.Count == 0 && !killed.Any(id => Read(id) is { Ended: false })) return;
            foreach (var id in left) _ = Signal(id, SigKill);
            await Task.Delay(KillInterval, CancellationToken.None);
        }
    }

    /// <summary>Tells a process from another that had its id; null when it has ended.</summary>
    public static string? StartOf(int id)
    {
        if (OperatingSystem.IsLinux()) return Read(id) is { Ended: false } running ? running.Start : null;
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

    public static void KillGroup(int leader)
    {
        if (OperatingSystem.IsLinux()) _ = Signal(-leader, SigKill);
    }

    private static IEnumerable<int> WithDescendants(int process) => Threads(process).SelectMany(Children).SelectMany(WithDescendants).Prepend(process);

    private static string[] Threads(int process)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{process}/task");
        }
        catch (IOException)
        {
            return []; // The process has ended.
        }
    }

    private static IEnumerable<int> Children(string thread)
    {
        try
        {
            return File.ReadAllText($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return []; // The thread has ended, which says nothing of the others.
        }
    }

    private static List<Running> Tree(int root)
    {
        if (!OperatingSystem.IsLinux()) return [];
        var all = AllIds().Select(Read).OfType<Running>().ToList();
        var children = all.ToLookup(process => process.Parent);
        var tree = all.Where(process => process.Id == root).ToList();
        for (var next = 0; next < tree.Count; next++) tree.AddRange(children[tree[next].Id]);
        return tree;
    }

    private static IEnumerable<int> AllIds() => Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
        .Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0);

    /// <summary>Every program of ours, and what it starts, has the folder as its HOME. A zombie has no environment.</summary>
    private static bool IsIn(int id, string folder)
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
            // The fields after the name, which may hold anything: state, parent, and far behind them processor time (its own and that of ended children), start and resident pages.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new Running(id, int.Parse(fields[1], CultureInfo.InvariantCulture), Number(21), fields[19], fields[0], Ticks: Number(11) + Number(12) + Number(13) + Number(14));

            long Number(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "kill"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);

    private sealed record Running(int Id, int Parent, long Pages, string Start, string State, long Ticks)
    {
        public bool Ended => State is "Z" or "X";

        /// <summary>Runs or would run, or waits for a disk.</summary>
        public bool Waits => State is "R" or "D";
    }
}

/// <summary>Of a program and all that it started.</summary>
internal readonly record struct TreeUse(long ResidentBytes, int Processes, TimeSpan Processor, bool WaitsForProcessor);

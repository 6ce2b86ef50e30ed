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

    /// <summary>The memory that a process and everything below it take at this moment, in bytes.</summary>
    public static long ResidentBytes(int root)
    {
        if (!OperatingSystem.IsLinux()) return 0;
        var processes = Ids().Select(Read).OfType<Running>().ToList();
        var children = processes.ToLookup(process => process.Parent);
        var pages = processes.Where(process => process.Id == root).Sum(process => process.Pages);
        var below = new Queue<int>([root]);
        while (below.TryDequeue(out var parent))
        {
            foreach (var child in children[parent])
            {
                pages += child.Pages;
                below.Enqueue(child.Id);
            }
        }
        return pages * Environment.SystemPageSize;
    }

    /// <summary>Ends whatever runs in a folder, also what has left its parent and its group, and returns when it is gone.</summary>
    public static async Task EndAllInAsync(string folder)
    {
        if (!OperatingSystem.IsLinux()) return;
        var began = Stopwatch.GetTimestamp();
        while (Ids().Where(id => IsOf(id, folder)).ToList() is { Count: > 0 } left && Stopwatch.GetElapsedTime(began) < Patience)
        {
            foreach (var id in left) _ = Signal(id, Kill);
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    /// <summary>What timeout put into a group of its own: it and all that it started.</summary>
    public static void EndGroup(int leader)
    {
        if (OperatingSystem.IsLinux()) _ = Signal(-leader, Kill);
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
            // After the name, which may hold anything: state, parent, and 20 fields later the resident pages (proc(5)).
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new Running(id, int.Parse(fields[1], CultureInfo.InvariantCulture), long.Parse(fields[21], CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "kill"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);

    private sealed record Running(int Id, int Parent, long Pages);
}

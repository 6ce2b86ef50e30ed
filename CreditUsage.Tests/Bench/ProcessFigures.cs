using System.Globalization;

namespace CreditUsage.Tests.Bench;

/// <summary>What the kernel has counted for a process.</summary>
internal static class ProcessFigures
{
    /// <summary>The unit of /proc/PID/stat, the same on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>User and system time of a process and of its children that have ended.</summary>
    public static double CpuSeconds(int process) => (Ticks(process, 0) + Ticks(process, 1) + Ticks(process, 2) + Ticks(process, 3)) / TicksPerSecond;

    /// <summary>User and system time of this process's children that have ended.</summary>
    public static double OwnChildrenCpuSeconds() => (Ticks(Environment.ProcessId, 2) + Ticks(Environment.ProcessId, 3)) / TicksPerSecond;

    /// <summary>The most memory that a process has had resident; 0 when it has ended.</summary>
    public static long PeakBytes(int process) => StatusBytes(process, "VmHWM:");

    public static long ResidentBytes(int process) => StatusBytes(process, "VmRSS:");

    /// <summary>The words that a process was started with; empty when it has ended.</summary>
    public static string CommandLine(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>The running children of a process, and theirs: parents before their children.</summary>
    public static IEnumerable<int> Descendants(int process) => Threads(process).SelectMany(Children).SelectMany(child => Descendants(child).Prepend(child));

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
            return File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => int.Parse(text, CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return []; // The thread has ended; another one has its children now.
        }
    }

    /// <summary>utime, stime, cutime and cstime follow each other; the program's name before them may hold spaces.</summary>
    private static long Ticks(int process, int figure)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        return long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[11 + figure], CultureInfo.InvariantCulture);
    }

    private static long StatusBytes(int process, string figure)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith(figure, StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}

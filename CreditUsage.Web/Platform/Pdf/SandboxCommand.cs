using System.Globalization;

namespace CreditUsage.Platform.Pdf;

/// <summary>From the outside in: killed with this process, a time limit, limits of resources, a sandbox.</summary>
internal static class SandboxCommand
{
    private const string Shell = "/bin/sh";

    /// <summary>The job's folder inside bubblewrap, the only writable place.</summary>
    private const string JobFolder = "/job";

    private static readonly string[] ProgramFolders = ["/bin", "/sbin", "/lib", "/lib32", "/lib64"];
    private static readonly string[] FontsAndLibraries = ["/etc/fonts", "/etc/ld.so.cache", "/etc/alternatives", "/var/cache/fontconfig"];

    public static bool IsInstalled(PdfSandbox sandbox) => sandbox == PdfSandbox.None || (OperatingSystem.IsLinux() && Find(sandbox) is not null);

    public static IReadOnlyList<string> Of(PdfGuards guards, PdfSandbox sandbox, string program, IReadOnlyList<string> arguments, string folder, TimeSpan deadline) =>
        [.. guards.Arguments(deadline, sandbox == PdfSandbox.Bubblewrap), .. Sandbox(guards, sandbox, program, folder), program, .. arguments];

    public static IReadOnlyDictionary<string, string> Environment(string folder) => new Dictionary<string, string>
    {
        ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
        ["HOME"] = folder,
        ["TMPDIR"] = folder,
        ["XDG_RUNTIME_DIR"] = folder,
        ["QT_QPA_PLATFORM"] = "offscreen",
        ["LANG"] = "C.UTF-8",
        ["TZ"] = "UTC",
    };

    private static string[] Sandbox(PdfGuards guards, PdfSandbox sandbox, string program, string folder) => sandbox switch
    {
        PdfSandbox.Bubblewrap => [Find(sandbox)!, .. guards.FilterArguments, .. Bubblewrap(program, folder), .. InShell(LowerSessionPriority + PdfGuards.ProcessLimit)],
        PdfSandbox.Namespace => [Find(sandbox)!, "-rn", "--ipc", "--uts", "--pid", "--fork", "--kill-child", "--", .. InShell(PdfGuards.ProcessLimit)],
        _ => [],
    };

    /// <summary>Programs, libraries and fonts to read, one folder to write, no network. Process 1 waits for the program, so that its processor time counts as the site's.</summary>
    private static string[] Bubblewrap(string program, string folder) =>
    [
        "--unshare-all", "--as-pid-1", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--hostname", "pdf", "--clearenv",
        .. Environment(JobFolder).SelectMany(variable => new[] { "--setenv", variable.Key, variable.Value }),
        "--ro-bind", "/usr", "/usr", .. ProgramFolders.SelectMany(BindOrLink),
        .. FontsAndLibraries.SelectMany(path => new[] { "--ro-bind-try", path, path }),
        "--proc", "/proc", "--dev", "/dev", "--size", "67108864", "--tmpfs", "/tmp", .. BindOutsideUsr(Path.GetDirectoryName(program)!),
        "--bind", folder, JobFolder, "--chdir", JobFolder, "--",
    ];

    /// <summary>With autogroup, nice counts only within a session, so the session's own priority is lowered too.</summary>
    private const string LowerSessionPriority = "(echo 10 >/proc/self/autogroup) 2>/dev/null; ";

    private static string[] InShell(string first) => !File.Exists(Shell) || first.Length == 0 ? [] : [Shell, "-c", $"{first}exec \"$@\"", Shell];

    /// <summary>On most systems /lib and its like are links into /usr, on a few they are folders.</summary>
    private static string[] BindOrLink(string path) => !Directory.Exists(path) ? []
        : new DirectoryInfo(path).LinkTarget is { } target ? ["--symlink", target, path] : ["--ro-bind", path, path];

    private static string[] BindOutsideUsr(string folder) => folder.StartsWith("/usr/", StringComparison.Ordinal) || folder == "/bin" ? [] : ["--ro-bind", folder, folder];

    private static string? Find(PdfSandbox sandbox) => PdfPrograms.OnPath(sandbox == PdfSandbox.Bubblewrap ? "bwrap" : "unshare");
}

/// <summary>The strongest first. None needs no trial.</summary>
public sealed record PdfSandboxes(IReadOnlyList<PdfSandbox> Tried)
{
    public static readonly PdfSandboxes All = new([PdfSandbox.Bubblewrap, PdfSandbox.Namespace]);
}

/// <summary>What every program is run under. A guard that the machine lacks takes none of the others with it.</summary>
/// <param name="Folders">Not those of the PATH: the guards run outside any sandbox.</param>
public sealed record PdfGuards(IReadOnlyList<string> Folders)
{
    /// <summary>The engine is one process, and starts none.</summary>
    public const int MaxProcesses = 64;

    public static readonly PdfGuards OfTheSystem = new(["/usr/bin", "/bin"]);

    /// <summary>Since then a limit inside a user namespace counts that namespace's processes, not all of the account.</summary>
    private static readonly Version CountsByNamespace = new(5, 14);

    private const int FilterDescriptor = 4;

    private string? Setpriv => Find("setpriv");

    private string? Nice => Find("nice");

    private string? Timeout => Find("timeout");

    /// <summary>Gives a run its own group, as timeout does where it is there.</summary>
    private string? Setsid => Timeout is null ? Find("setsid") : null;

    private string? Sh => Find("sh");

    /// <summary>The file with the system-call filter; null where this machine has none. Only bubblewrap loads one.</summary>
    public string? Filter { get; init; } = SystemCallFilter.Path;

    /// <summary>What bubblewrap loads the filter by; nothing where there is none, or no shell that hands it the open file.</summary>
    internal IReadOnlyList<string> FilterArguments => Filter is null || Sh is null ? [] : ["--seccomp", FilterDescriptor.ToString(CultureInfo.InvariantCulture)];

    /// <summary>
    /// For a shell inside a sandbox with a user namespace, some of which call the limit p and some u. The kernel holds root to no such limit: there
    /// <see cref="GuardedProcess"/> counts.
    /// </summary>
    internal static string ProcessLimit =>
        Environment.OSVersion.Version < CountsByNamespace ? "" : string.Create(CultureInfo.InvariantCulture, $"{{ ulimit -p {MaxProcesses} || ulimit -u {MaxProcesses}; }} 2>/dev/null; ");

    /// <summary>Such as "nice, timeout"; empty where the machine has all, or cannot have them.</summary>
    public string Missing => !OperatingSystem.IsLinux() ? "" : string.Join(", ", new[] { (Setpriv, "setpriv"), (Nice, "nice"), (Timeout, "timeout"), (Sh, "sh") }
        .Where(guard => guard.Item1 is null).Select(guard => guard.Item2));

    // The timeout is outermost and outlives this process. Pages go first: a PDF takes the processor time that they leave.
    internal IEnumerable<string> Arguments(TimeSpan deadline, bool withFilter)
    {
        if (!OperatingSystem.IsLinux()) return [];
        return
        [
            .. With(Setpriv, "--no-new-privs"), .. With(Nice, "-n", "10"), .. With(Timeout, "-s", "KILL", Seconds(WorkDeadline.Longest(deadline))), .. With(Setsid),
            .. With(Sh, "-c", Limits(deadline) + Run(withFilter ? Filter : null), Filter ?? "sh"),
        ];
    }

    // One shell sets them all: a program for each took a hundredth of a second of every PDF. Less than 1.5 GB of address space crashes wkhtmltopdf,
    // which reserves but does not use it, so ProcessTree watches the memory that it takes. Memory is in KiB, the size of a file in 512 bytes.
    private static string Limits(TimeSpan deadline) => $"ulimit -v 4194304; ulimit -t {Seconds(deadline)}; ulimit -f 524288; ulimit -n 256; ulimit -c 0; ";

    /// <summary>
    /// Kills the whole group when standard input ends, which this process holds open as long as it lives. A parent-death signal is lost where the parent dies
    /// before it is requested, and bubblewrap killed at the wrong instant leaves a child that waits for ever. Without a group of its own it would kill the site.
    /// </summary>
    private string Run(string? filter)
    {
        var open = filter is null ? "" : string.Create(CultureInfo.InvariantCulture, $" {FilterDescriptor}<\"$0\"");
        return Timeout is null && Setsid is null ? $"exec \"$@\"{open}" : $"exec 3<&0; (read -r end <&3; kill -KILL 0) >/dev/null 2>&1 & \"$@\" </dev/null 3<&-{open} & wait $!";
    }

    /// <summary>A little more, so that this process is the first to end it.</summary>
    private static string Seconds(TimeSpan time) => (Math.Ceiling(time.TotalSeconds) + 5).ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> With(string? program, params string[] arguments) => program is null ? [] : arguments.Prepend(program);

    private string? Find(string program) => Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}

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
        [.. guards.Arguments(deadline), .. Sandbox(guards, sandbox, program, folder), program, .. arguments];

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
        PdfSandbox.Bubblewrap => [.. guards.Filter is { } filter ? Filtered(filter) : [Find(sandbox)!], .. Bubblewrap(program, folder), .. guards.ProcessLimit],
        PdfSandbox.Namespace => [Find(sandbox)!, "-rn", "--ipc", "--uts", "--pid", "--fork", "--kill-child", "--", .. guards.ProcessLimit],
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
        "--bind", folder, JobFolder, "--chdir", JobFolder, "--", .. LowerSessionPriority,
    ];

    /// <summary>Bubblewrap takes the filter from an open file, and only a shell can hand it one.</summary>
    private static string[] Filtered(string filter) => [Shell, "-c", "exec 4<\"$0\" \"$@\"", filter, Find(PdfSandbox.Bubblewrap)!, "--seccomp", "4"];

    // With autogroup, nice counts only within a session, so the session's own priority is lowered too.
    private static string[] LowerSessionPriority => !File.Exists(Shell) ? [] : [Shell, "-c", "(echo 10 >/proc/self/autogroup) 2>/dev/null; exec \"$@\"", Shell];

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

    // Kills the whole group when standard input ends, which this process holds open as long as it lives. A parent-death signal is lost where the
    // parent dies before it is requested, and bubblewrap killed at the wrong instant leaves a child that waits for ever.
    private const string EndWithThisProcess = "exec 3<&0; (read -r end <&3; kill -KILL 0) >/dev/null 2>&1 & \"$@\" </dev/null 3<&- & wait $!";

    private string? Setpriv => Find("setpriv");

    private string? Nice => Find("nice");

    private string? Timeout => Find("timeout");

    /// <summary>Gives a run its own group, as timeout does where it is there.</summary>
    private string? Setsid => Timeout is null ? Find("setsid") : null;

    /// <summary>Without a group of its own it would kill the site.</summary>
    private string? Sh => Timeout is null && Setsid is null ? null : Find("sh");

    private string? Prlimit => Find("prlimit");

    /// <summary>The file with the system-call filter; null where this machine has none. Only bubblewrap loads one.</summary>
    public string? Filter { get; init; } = SystemCallFilter.Path;

    /// <summary>Inside a sandbox with a user namespace. The kernel holds root to no such limit: there <see cref="GuardedProcess"/> counts.</summary>
    internal IEnumerable<string> ProcessLimit =>
        Environment.OSVersion.Version >= CountsByNamespace ? With(Prlimit, string.Create(CultureInfo.InvariantCulture, $"--nproc={MaxProcesses}"), "--") : [];

    /// <summary>Such as "nice, prlimit"; empty where the machine has all, or cannot have them.</summary>
    public string Missing => !OperatingSystem.IsLinux() ? "" : string.Join(", ", new[] { (Setpriv, "setpriv"), (Nice, "nice"), (Timeout, "timeout"), (Sh, "sh"), (Prlimit, "prlimit") }
        .Where(guard => guard.Item1 is null).Select(guard => guard.Item2));

    // The timeout is outermost and outlives this process. Less than 1.5 GB of address space crashes wkhtmltopdf, which reserves but does not use
    // it, so ProcessTree watches the memory that it takes. Pages go first: a PDF takes the processor time that they leave.
    internal IEnumerable<string> Arguments(TimeSpan deadline)
    {
        if (!OperatingSystem.IsLinux()) return [];
        var (work, longest) = (Seconds(deadline), Seconds(WorkDeadline.Longest(deadline)));
        return
        [
            .. With(Setpriv, "--no-new-privs"), .. With(Nice, "-n", "10"), .. With(Timeout, "-s", "KILL", longest), .. With(Setsid), .. With(Sh, "-c", EndWithThisProcess, "sh"),
            .. With(Prlimit, "--as=4294967296", $"--cpu={work}", "--fsize=268435456", "--nofile=256", "--core=0", "--"),
        ];
    }

    /// <summary>A little more, so that this process is the first to end it.</summary>
    private static string Seconds(TimeSpan time) => (Math.Ceiling(time.TotalSeconds) + 5).ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> With(string? program, params string[] arguments) => program is null ? [] : arguments.Prepend(program);

    private string? Find(string program) => Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}

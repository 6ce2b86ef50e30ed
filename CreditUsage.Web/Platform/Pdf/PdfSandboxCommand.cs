using System.Globalization;

namespace CreditUsage.Platform.Pdf;

/// <summary>The words that a program is run with, from the outside in: ended with this process, under a clock, under limits, in a sandbox.</summary>
internal static class PdfSandboxCommand
{
    /// <summary>Where a job's folder is inside bubblewrap, the only place that can be written.</summary>
    private const string Inside = "/job";

    /// <summary>
    /// Runs its arguments and kills the whole group when standard input ends, which this process holds open for as long as it lives. A signal of
    /// the kernel at the parent's death would come to nothing where the parent dies before it is asked for, and bubblewrap killed at the wrong
    /// instant leaves a child that waits for ever.
    /// </summary>
    private const string EndWithThisProcess = "exec 3<&0; (read -r end <&3; kill -KILL 0) >/dev/null 2>&1 & \"$@\" </dev/null 3<&- & wait $!";

    private const string NoMoreRights = "/usr/bin/setpriv";
    private const string Shell = "/bin/sh";
    private const string Polite = "/usr/bin/nice";
    private const string Timeout = "/usr/bin/timeout";
    private const string Limits = "/usr/bin/prlimit";

    private static readonly string[] Programs = ["/bin", "/sbin", "/lib", "/lib32", "/lib64"];
    private static readonly string[] FontsAndLibraries = ["/etc/fonts", "/etc/ld.so.cache", "/etc/alternatives", "/var/cache/fontconfig"];

    public static bool IsThere(PdfSandbox sandbox) => sandbox == PdfSandbox.None || (OperatingSystem.IsLinux() && Program(sandbox) is not null);

    /// <summary>The whole command line. Nothing a user typed is ever among it.</summary>
    public static IReadOnlyList<string> Words(PdfSandbox sandbox, string program, IReadOnlyList<string> arguments, string folder, TimeSpan deadline) =>
        [.. Guards(deadline), .. Walls(sandbox, program, folder), program, .. arguments];

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

    /// <summary>
    /// The clock is outside of everything and outlives this process. Less than 1.5 GB of address space crashes wkhtmltopdf, which reserves but
    /// does not use it: what it really takes is watched (<see cref="PdfProcesses"/>). Pages go first: a PDF takes what processor time they leave.
    /// </summary>
    private static string[] Guards(TimeSpan deadline)
    {
        if (!OperatingSystem.IsLinux() || !new[] { NoMoreRights, Polite, Timeout, Shell, Limits }.All(File.Exists)) return [];
        var seconds = (Math.Ceiling(deadline.TotalSeconds) + 5).ToString(CultureInfo.InvariantCulture);
        return
        [
            NoMoreRights, "--no-new-privs", Polite, "-n", "5", Timeout, "-s", "KILL", seconds, Shell, "-c", EndWithThisProcess, Shell,
            Limits, "--as=4294967296", $"--cpu={seconds}", "--fsize=268435456", "--nofile=256", "--core=0", "--",
        ];
    }

    private static string[] Walls(PdfSandbox sandbox, string program, string folder) => sandbox switch
    {
        PdfSandbox.Bubblewrap => Bubblewrap(program, folder),
        PdfSandbox.Namespace => [Program(sandbox)!, "-rn", "--ipc", "--uts", "--pid", "--fork", "--kill-child", "--"],
        _ => [],
    };

    /// <summary>
    /// Programs, libraries and fonts to read, a folder to write, and nothing else: no network, no /etc, no /home, no database, no archive.
    /// As process 1 the program is waited for, so that what it takes is counted as the site's.
    /// </summary>
    private static string[] Bubblewrap(string program, string folder) =>
    [
        Program(PdfSandbox.Bubblewrap)!, "--unshare-all", "--as-pid-1", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--hostname", "pdf", "--clearenv",
        .. Environment(Inside).SelectMany(variable => new[] { "--setenv", variable.Key, variable.Value }),
        "--ro-bind", "/usr", "/usr", .. Programs.SelectMany(Root),
        .. FontsAndLibraries.SelectMany(path => new[] { "--ro-bind-try", path, path }),
        "--proc", "/proc", "--dev", "/dev", "--size", "67108864", "--tmpfs", "/tmp", .. Elsewhere(Path.GetDirectoryName(program)!),
        "--bind", folder, Inside, "--chdir", Inside, "--",
    ];

    /// <summary>Most systems keep /lib and its like as links into /usr, a few as folders.</summary>
    private static string[] Root(string path) => !Directory.Exists(path) ? []
        : new DirectoryInfo(path).LinkTarget is { } target ? ["--symlink", target, path] : ["--ro-bind", path, path];

    private static string[] Elsewhere(string folder) => folder.StartsWith("/usr/", StringComparison.Ordinal) || folder == "/bin" ? [] : ["--ro-bind", folder, folder];

    private static string? Program(PdfSandbox sandbox) => PdfPrograms.OnPath(sandbox == PdfSandbox.Bubblewrap ? "bwrap" : "unshare");
}

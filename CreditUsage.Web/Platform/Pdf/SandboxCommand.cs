namespace CreditUsage.Platform.Pdf;

/// <summary>The words that a program is run with, from the outside in: ended with this process, under a clock, under limits, in a sandbox.</summary>
internal static class PdfSandboxCommand
{
    private const string Shell = "/bin/sh";

    /// <summary>Where a job's folder is inside bubblewrap, the only place that can be written.</summary>
    private const string Inside = "/job";

    private static readonly string[] Programs = ["/bin", "/sbin", "/lib", "/lib32", "/lib64"];
    private static readonly string[] FontsAndLibraries = ["/etc/fonts", "/etc/ld.so.cache", "/etc/alternatives", "/var/cache/fontconfig"];

    public static bool IsThere(PdfSandbox sandbox) => sandbox == PdfSandbox.None || (OperatingSystem.IsLinux() && Program(sandbox) is not null);

    /// <summary>The whole command line. Nothing a user typed is ever among it.</summary>
    public static IReadOnlyList<string> Words(PdfGuards guards, PdfSandbox sandbox, string program, IReadOnlyList<string> arguments, string folder, TimeSpan deadline) =>
        [.. guards.Words(deadline), .. Walls(sandbox, program, folder), program, .. arguments];

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
        "--bind", folder, Inside, "--chdir", Inside, "--", .. Polite,
    ];

    /// <summary>
    /// Where processor time goes round the sessions first (autogroup), a session of its own would get as much of it as the site, however polite the program in it is: so the session is
    /// made polite too.
    /// </summary>
    private static string[] Polite => !File.Exists(Shell) ? [] : [Shell, "-c", "(echo 10 >/proc/self/autogroup) 2>/dev/null; exec \"$@\"", Shell];

    /// <summary>Most systems keep /lib and its like as links into /usr, a few as folders.</summary>
    private static string[] Root(string path) => !Directory.Exists(path) ? []
        : new DirectoryInfo(path).LinkTarget is { } target ? ["--symlink", target, path] : ["--ro-bind", path, path];

    private static string[] Elsewhere(string folder) => folder.StartsWith("/usr/", StringComparison.Ordinal) || folder == "/bin" ? [] : ["--ro-bind", folder, folder];

    private static string? Program(PdfSandbox sandbox) => PdfPrograms.OnPath(sandbox == PdfSandbox.Bubblewrap ? "bwrap" : "unshare");
}

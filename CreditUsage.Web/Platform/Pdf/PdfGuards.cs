using System.Globalization;

namespace CreditUsage.Platform.Pdf;

/// <summary>What every program is run under, from the outside in, as far as the machine has it: one that is missing takes none of the others with it.</summary>
/// <param name="Folders">Where they are looked for. Not on the PATH: these come before any sandbox.</param>
public sealed record PdfGuards(IReadOnlyList<string> Folders)
{
    public static readonly PdfGuards OfTheSystem = new(["/usr/bin", "/bin"]);

    /// <summary>
    /// Runs its arguments and kills the whole group when standard input ends, which this process holds open for as long as it lives. A signal of
    /// the kernel at the parent's death would come to nothing where the parent dies before it is asked for, and bubblewrap killed at the wrong
    /// instant leaves a child that waits for ever.
    /// </summary>
    private const string EndWithThisProcess = "exec 3<&0; (read -r end <&3; kill -KILL 0) >/dev/null 2>&1 & \"$@\" </dev/null 3<&- & wait $!";

    private string? NoMoreRights => Find("setpriv");

    private string? Polite => Find("nice");

    private string? Clock => Find("timeout");

    /// <summary>What gives a run a group of its own, where no clock does.</summary>
    private string? Group => Clock is null ? Find("setsid") : null;

    /// <summary>In the site's own group it would kill the site.</summary>
    private string? Shell => Clock is null && Group is null ? null : Find("sh");

    private string? Limits => Find("prlimit");

    /// <summary>The names of those that the machine lacks, such as "nice, prlimit"; empty where it has all, or cannot have them.</summary>
    public string Missing => !OperatingSystem.IsLinux() ? "" : string.Join(", ", new[] { (NoMoreRights, "setpriv"), (Polite, "nice"), (Clock, "timeout"), (Shell, "sh"), (Limits, "prlimit") }
        .Where(guard => guard.Item1 is null).Select(guard => guard.Item2));

    /// <summary>
    /// The clock is outside of everything and outlives this process. Less than 1.5 GB of address space crashes wkhtmltopdf, which reserves but
    /// does not use it: what it really takes is watched (<see cref="PdfProcesses"/>). Pages go first: a PDF takes what processor time they leave.
    /// </summary>
    internal IEnumerable<string> Words(TimeSpan deadline)
    {
        if (!OperatingSystem.IsLinux()) return [];
        var seconds = (Math.Ceiling(deadline.TotalSeconds) + 5).ToString(CultureInfo.InvariantCulture);
        return
        [
            .. With(NoMoreRights, "--no-new-privs"), .. With(Polite, "-n", "10"), .. With(Clock, "-s", "KILL", seconds), .. With(Group), .. With(Shell, "-c", EndWithThisProcess, "sh"),
            .. With(Limits, "--as=4294967296", $"--cpu={seconds}", "--fsize=268435456", "--nofile=256", "--core=0", "--"),
        ];
    }

    private static IEnumerable<string> With(string? program, params string[] words) => program is null ? [] : words.Prepend(program);

    private string? Find(string program) => Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}

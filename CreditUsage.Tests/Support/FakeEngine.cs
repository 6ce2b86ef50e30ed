using System.Globalization;
using System.Text;

namespace CreditUsage.Tests.Support;

/// <summary>
/// A program in the place of wkhtmltopdf: a script that each test writes. It says the right version and passes the self-test, which it hands
/// to the real one, so that what follows is about what it does with reports.
/// </summary>
public sealed class FakeEngine : IDisposable
{
    public const string Honest = "exec wkhtmltopdf \"$@\"";
    public const string RightVersion = "wkhtmltopdf 0.12.6";

    public string Folder { get; } = Directory.CreateTempSubdirectory("creditusage-engine-").FullName;

    /// <summary>How long its sleepers sleep, which tells them from all others, in seconds.</summary>
    public string Sleep { get; } = (100_000 + Random.Shared.Next(900_000)).ToString(CultureInfo.InvariantCulture);

    public string Program => File("engine.sh");

    public string File(string name) => Path.Combine(Folder, name);

    /// <summary>Writes the script; in it SLEEP stands for a number of seconds, and names of files in capitals for the files.</summary>
    public void Do(string script, string version = RightVersion, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserExecute) => Write($"""
        #!/bin/sh
        if [ "$1" = --version ]; then echo '{version}'; exit 0; fi
        if grep -q '<title>canary</title>' in.html; then {Honest}; fi
        {script}

        """, mode);

    /// <summary>The whole script, without the help for version and self-test.</summary>
    public void Write(string script, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserExecute)
    {
        Remove();
        foreach (var name in new[] { "GOOD", "LONGER", "SECRET", "VICTIM" }) script = script.Replace(name, File(name), StringComparison.Ordinal);
        System.IO.File.WriteAllText(Program, script.Replace("SLEEP", Sleep, StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows()) System.IO.File.SetUnixFileMode(Program, mode);
    }

    public void Remove() => System.IO.File.Delete(Program);

    /// <summary>Whether anything runs that the script is, or started.</summary>
    public bool Runs() => CommandLines().Any(IsOurs);

    /// <summary>Those of the processes whose command line names the script or its sleepers: the script, what it is run under and what it started.</summary>
    public IReadOnlyList<int> Among(IEnumerable<int> processes) => [.. processes.Where(id => IsOurs(CommandLine(id.ToString(CultureInfo.InvariantCulture))))];

    /// <summary>Whether two processes were started with the same words: one is a part of the other's script.</summary>
    public static bool AreAlike(int one, int other) => CommandLine(one.ToString(CultureInfo.InvariantCulture)) == CommandLine(other.ToString(CultureInfo.InvariantCulture));

    /// <summary>Whether the script has got as far as its sleeper.</summary>
    public bool Sleeps() => CommandLines().Any(words => words.Contains(Sleep, StringComparison.Ordinal));

    /// <summary>Fails unless all of it ends.</summary>
    public Task NothingRunsAsync() => Wait.UntilAsync(() => !Runs());

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private bool IsOurs(string words) => words.Contains(Program, StringComparison.Ordinal) || words.Contains(Sleep, StringComparison.Ordinal);

    private static IEnumerable<string> CommandLines() =>
        Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _)).Select(CommandLine);

    private static string CommandLine(string? id)
    {
        try
        {
            return Encoding.UTF8.GetString(System.IO.File.ReadAllBytes($"/proc/{id}/cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}

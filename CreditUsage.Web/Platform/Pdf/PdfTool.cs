using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CreditUsage.Platform.Pdf;

/// <summary>One run of a program that PDFs are made with: fixed arguments, an environment of its own, a deadline, and nothing left running.</summary>
/// <param name="Path">The program's file.</param>
/// <param name="Arguments">Fixed words and file names of ours; nothing a user typed is ever among them.</param>
/// <param name="Folder">Where it runs and keeps what it needs to keep.</param>
/// <param name="Deadline">When it is killed, with everything it started.</param>
internal sealed record PdfTool(string Path, IReadOnlyList<string> Arguments, string Folder, TimeSpan Deadline)
{
    private const int KeptCharacters = 64 * 1024;
    private const string Limits = "/usr/bin/prlimit";
    private const string Timeout = "/usr/bin/timeout";

    /// <summary>Pages go first: a PDF takes what processor time they leave.</summary>
    private const string Polite = "/usr/bin/nice";

    /// <exception cref="PdfException">It cannot be started, or took too long.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up; the program has been killed.</exception>
    public async Task<PdfToolResult> RunAsync(CancellationToken cancellation)
    {
        using var process = Start();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Deadline);
        // Both pipes are drained to their end: a full one would stop the program for ever.
        var output = ReadAsync(process.StandardOutput);
        var errors = ReadAsync(process.StandardError);
        try
        {
            process.StandardInput.Close();
            await Task.WhenAll(process.WaitForExitAsync(deadline.Token), output.WaitAsync(deadline.Token), errors.WaitAsync(deadline.Token));
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new PdfException($"The PDF was given up after {Deadline.TotalSeconds:0} seconds. Try again, choose one kind only, or use Print.", late);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            // Until it is gone it may write into the folder that is about to be deleted.
            await process.WaitForExitAsync(CancellationToken.None);
            KillGroup(process.Id);
        }
        return new PdfToolResult(process.ExitCode, await output, await errors);
    }

    /// <summary>What the program left running after its own end: timeout put it and everything it started into a group.</summary>
    private static void KillGroup(int leader)
    {
        const int kill = 9;
        if (OperatingSystem.IsLinux()) _ = Signal(-leader, kill);
    }

    [DllImport("libc", EntryPoint = "kill"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);

    private Process Start()
    {
        var start = new ProcessStartInfo { WorkingDirectory = Folder, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var words = Guarded().Append(Path).Concat(Arguments).ToList();
        start.FileName = words[0];
        foreach (var word in words.Skip(1)) start.ArgumentList.Add(word);
        start.Environment.Clear();
        foreach (var (name, value) in Environment()) start.Environment[name] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception problem)
        {
            throw new PdfException($"{System.IO.Path.GetFileName(Path)} could not be started, so no PDF was made. Use Print, or ask whoever runs the server to install it.", problem);
        }
    }

    /// <summary>
    /// On Linux the program runs under limits, and under a clock that outlives this process: one killed here would go on otherwise.
    /// Less than 1.5 GB of address space crashes wkhtmltopdf, which reserves but does not use it.
    /// </summary>
    private string[] Guarded() => OperatingSystem.IsLinux() && System.IO.File.Exists(Timeout) && System.IO.File.Exists(Limits)
        ? [Polite, "-n", "5", Timeout, "-s", "KILL", $"{Deadline.TotalSeconds + 5:0}", Limits, "--as=4294967296", "--fsize=268435456", "--core=0", "--"]
        : [];

    private Dictionary<string, string> Environment() => new()
    {
        ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
        ["HOME"] = Folder,
        ["TMPDIR"] = Folder,
        ["XDG_RUNTIME_DIR"] = Folder,
        ["QT_QPA_PLATFORM"] = "offscreen",
        ["LANG"] = "C.UTF-8",
        ["TZ"] = "UTC",
    };

    private static async Task<string> ReadAsync(StreamReader reader)
    {
        var kept = new System.Text.StringBuilder();
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
            if (kept.Length < KeptCharacters) kept.Append(buffer, 0, read);
        return kept.ToString();
    }
}

/// <summary>How a program ended and at most 64 KB of what it said.</summary>
internal sealed record PdfToolResult(int ExitCode, string Output, string Errors);

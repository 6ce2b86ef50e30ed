using System.Collections.Frozen;
using System.Diagnostics;

namespace CreditUsage.Platform.Pdf;

/// <summary>One run of a program that PDFs are made with: fixed arguments, an environment of its own, a deadline, a limit of memory, and nothing left running.</summary>
/// <param name="Guards">What it runs under.</param>
/// <param name="Sandbox">What it runs in.</param>
/// <param name="Path">The program's file.</param>
/// <param name="Arguments">Fixed words and file names of ours; nothing a user typed is ever among them.</param>
/// <param name="Folder">Where it runs and keeps what it needs to keep.</param>
/// <param name="Deadline">When it is killed, with everything it started.</param>
internal sealed record PdfTool(PdfGuards Guards, PdfSandbox Sandbox, string Path, IReadOnlyList<string> Arguments, string Folder, TimeSpan Deadline)
{
    private const int KeptCharacters = 64 * 1024;
    private const long MaxResidentBytes = 1024 * 1024 * 1024;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    /// <exception cref="PdfException">It cannot be started, took too long or too much memory.</exception>
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
            await WatchAsync(process, Task.WhenAll(process.WaitForExitAsync(deadline.Token), output.WaitAsync(deadline.Token), errors.WaitAsync(deadline.Token)));
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new PdfException($"The PDF was given up after {Deadline.TotalSeconds:0} seconds. Try again, choose one kind only, or use Print.", late);
        }
        finally
        {
            await EndAsync(process);
        }
        return new PdfToolResult(process.ExitCode, await output, await errors);
    }

    private static async Task WatchAsync(Process process, Task ended)
    {
        while (await Task.WhenAny(ended, Task.Delay(BetweenLooks, CancellationToken.None)) != ended)
        {
            if (PdfProcesses.ResidentBytes(process.Id) > MaxResidentBytes)
                throw new PdfException("The PDF was given up because it took more than 1 GB of the server's memory. Choose one kind only, or use Print.");
        }
        await ended;
    }

    /// <summary>Until all is gone it may write into the folder that is about to be deleted.</summary>
    private async Task EndAsync(Process process)
    {
        // Standard input stays open until here: its end is what tells the program that this process is no more.
        var killed = process.HasExited ? null : PdfProcesses.Below(process.Id);
        if (killed is not null) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        PdfProcesses.EndGroup(process.Id);
        process.StandardInput.Close();
        // A sandbox ends what is in it when the program ends.
        if (killed is not null || Sandbox == PdfSandbox.None) await PdfProcesses.EndAllInAsync(Folder, killed ?? FrozenSet<int>.Empty);
    }

    private Process Start()
    {
        var words = PdfSandboxCommand.Words(Guards, Sandbox, Path, Arguments, Folder, Deadline);
        var start = new ProcessStartInfo(words[0], words.Skip(1)) { WorkingDirectory = Folder, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in PdfSandboxCommand.Environment(Folder)) start.Environment[name] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception problem)
        {
            throw new PdfException($"{System.IO.Path.GetFileName(Path)} could not be started, so no PDF was made. Use Print, or ask whoever runs the server to install it.", problem);
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader)
    {
        var kept = new System.Text.StringBuilder();
        var buffer = new char[16 * 1024];
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
            if (kept.Length < KeptCharacters) kept.Append(buffer, 0, read);
        return kept.ToString();
    }
}

/// <summary>How a program ended and at most 64 KB of what it said, or little more.</summary>
internal sealed record PdfToolResult(int ExitCode, string Output, string Errors);

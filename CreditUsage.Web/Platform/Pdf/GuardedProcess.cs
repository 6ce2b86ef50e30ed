using System.Collections.Frozen;
using System.Diagnostics;
using System.Text;

namespace CreditUsage.Platform.Pdf;

/// <summary>One run of a PDF program, with its own environment, a deadline and a memory limit. It leaves nothing running.</summary>
/// <param name="Arguments">Fixed ones and file names of ours; never user input.</param>
internal sealed record GuardedProcess(PdfGuards Guards, PdfSandbox Sandbox, string Program, IReadOnlyList<string> Arguments, string Folder, TimeSpan Deadline)
{
    private const int MaxCharacters = 64 * 1024;
    private const long MaxResidentBytes = 1024 * 1024 * 1024;
    private static readonly TimeSpan MemoryInterval = TimeSpan.FromMilliseconds(250);

    /// <exception cref="PdfException">The program cannot be started, or took too long or too much memory.</exception>
    public async Task<ProcessResult> RunAsync(CancellationToken cancellation)
    {
        using var process = Start();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Deadline);
        // Both pipes must be drained: a full one would block the program for ever.
        var output = ReadAsync(process.StandardOutput);
        var errors = ReadAsync(process.StandardError);
        try
        {
            await RunToEndAsync(process, deadline.Token);
            // What it left running has been ended and holds no pipe any more.
            await Task.WhenAll(output, errors).WaitAsync(deadline.Token);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new PdfException($"The PDF was given up after {Deadline.TotalSeconds:0} seconds. Try again, choose one kind only, or use Print.", late);
        }
        return new ProcessResult(process.ExitCode, await output, await errors);
    }

    private Process Start()
    {
        var command = SandboxCommand.Of(Guards, Sandbox, Program, Arguments, Folder, Deadline);
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { WorkingDirectory = Folder, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in SandboxCommand.Environment(Folder)) start.Environment[name] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception problem)
        {
            throw new PdfException($"{Path.GetFileName(Program)} could not be started, so no PDF was made. Use Print, or ask whoever runs the server to install it.", problem);
        }
    }

    private async Task RunToEndAsync(Process process, CancellationToken deadline)
    {
        try
        {
            await WatchMemoryAsync(process, process.WaitForExitAsync(deadline));
        }
        finally
        {
            await EndAsync(process);
        }
    }

    private static async Task WatchMemoryAsync(Process process, Task ended)
    {
        while (await Task.WhenAny(ended, Task.Delay(MemoryInterval, CancellationToken.None)) != ended)
        {
            if (ProcessTree.ResidentBytes(process.Id) > MaxResidentBytes)
                throw new PdfException("The PDF was given up because it took more than 1 GB of the server's memory. Choose one kind only, or use Print.");
        }
        await ended;
    }

    /// <summary>Returns when every process has ended: until then one may write into the folder that is about to be deleted.</summary>
    private async Task EndAsync(Process process)
    {
        // Standard input stays open until here: its end tells the program that this process has ended.
        var killed = process.HasExited ? null : ProcessTree.Ids(process.Id);
        if (killed is not null) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        ProcessTree.KillGroup(process.Id);
        process.StandardInput.Close();
        // A sandbox ends its processes when the program ends.
        if (killed is not null || Sandbox == PdfSandbox.None) await ProcessTree.KillAllInAsync(Folder, killed ?? FrozenSet<int>.Empty);
    }

    private static async Task<string> ReadAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        var buffer = new char[16 * 1024];
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
            if (text.Length < MaxCharacters) text.Append(buffer, 0, read);
        return text.ToString();
    }
}

/// <summary>Each output is cut after about 64 K characters.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, string Errors)
{
    /// <summary>By a signal, as a shell reports it.</summary>
    public bool WasKilled => ExitCode > 128;
}

using System.Collections.Frozen;
using System.Diagnostics;
using System.Text;

namespace CreditUsage.Platform.Pdf;

/// <summary>One run of a PDF program, with its own environment, a deadline, and limits of memory and processes. It leaves nothing running.</summary>
/// <param name="Arguments">Fixed ones and file names of ours; never user input.</param>
/// <param name="Deadline">For its own work, see <see cref="WorkDeadline"/>.</param>
internal sealed record GuardedProcess(PdfGuards Guards, PdfSandbox Sandbox, string Program, IReadOnlyList<string> Arguments, string Folder, TimeSpan Deadline)
{
    private const int MaxCharacters = 64 * 1024;
    private const long MaxResidentBytes = 1024 * 1024 * 1024;
    private const int MaxProcesses = PdfGuards.MaxProcesses;
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PipeTimeout = TimeSpan.FromSeconds(30);

    /// <exception cref="PdfException">The program cannot be started, or took too long, too much memory or too many processes.</exception>
    public async Task<ProcessResult> RunAsync(CancellationToken cancellation)
    {
        using var process = Start();
        // Both pipes must be drained: a full one would block the program for ever.
        var output = ReadAsync(process.StandardOutput);
        var errors = ReadAsync(process.StandardError);
        await RunToEndAsync(process, cancellation);
        try
        {
            // What it left running has been ended and holds no pipe any more.
            await Task.WhenAll(output, errors).WaitAsync(PipeTimeout, cancellation);
        }
        catch (TimeoutException late)
        {
            throw TooLate(late);
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
            throw new PdfException($"{Path.GetFileName(Program)} could not be started, so no PDF was created. Use Print, or ask whoever runs the server to install it.", problem);
        }
    }

    private async Task RunToEndAsync(Process process, CancellationToken cancellation)
    {
        try
        {
            await WatchAsync(process, process.WaitForExitAsync(cancellation));
        }
        finally
        {
            await EndAsync(process);
        }
    }

    private async Task WatchAsync(Process process, Task ended)
    {
        var (deadline, looked) = (new WorkDeadline(Deadline), Stopwatch.GetTimestamp());
        while (await Task.WhenAny(ended, Task.Delay(WatchInterval, CancellationToken.None)) != ended)
        {
            var (use, now) = (ProcessTree.UseOf(process.Id), Stopwatch.GetTimestamp());
            if (use.ResidentBytes > MaxResidentBytes)
                throw new PdfException("The PDF needed more than 1 GB of memory and was stopped. Include one kind only, or use Print.");
            if (use.Processes > MaxProcesses)
                throw new PdfException($"The PDF engine started more than {MaxProcesses} processes and was stopped. Use Print, and tell whoever runs the server.");
            if (deadline.IsOver(Stopwatch.GetElapsedTime(looked, now), use.Processor, use.WaitsForProcessor)) throw TooLate(new OperationCanceledException());
            looked = now;
        }
        await ended;
    }

    private PdfException TooLate(Exception inner) => new($"The PDF took more than {Deadline.TotalSeconds:0} seconds and was stopped. Try again, include one kind only, or use Print.", inner);

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

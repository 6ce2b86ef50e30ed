using System.Diagnostics;

namespace CreditUsage.Tests.Bench;

/// <summary>A program that is run to its end as a child of this process. What it prints is read and forgotten.</summary>
internal sealed record ChildProgram(string Path, IReadOnlyList<string> Arguments, string Input = "")
{
    /// <summary>Where it runs; this process's folder when empty.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Further variables of its environment.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>The CPU is the child's own. Only one child may end meanwhile.</summary>
    public async Task<Spent> RunAsync(int times = 1)
    {
        var before = ProcessFigures.OwnChildrenCpuSeconds();
        var started = Stopwatch.GetTimestamp();
        for (var run = 0; run < times; run++) await RunOnceAsync();
        return new Spent(ProcessFigures.OwnChildrenCpuSeconds() - before, Stopwatch.GetElapsedTime(started).TotalSeconds).Per(times);
    }

    /// <exception cref="InvalidOperationException">It failed; what it said is in the message.</exception>
    private async Task RunOnceAsync()
    {
        using var process = Process.Start(StartInfo())!;
        var printed = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(Input);
        process.StandardInput.Close();
        await Task.WhenAll(printed, errors, process.WaitForExitAsync());
        if (process.ExitCode != 0) throw new InvalidOperationException($"{Path} ended with {process.ExitCode}: {await errors}");
    }

    private ProcessStartInfo StartInfo()
    {
        var start = new ProcessStartInfo(Path, Arguments) { UseShellExecute = false, WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Variables) start.Environment[name] = value;
        return start;
    }
}

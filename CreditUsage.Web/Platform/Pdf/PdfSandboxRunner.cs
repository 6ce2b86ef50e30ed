using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Pdf;

/// <summary>Runs PDF programs in the strongest sandbox there is, and only while the engine passes its self-test.</summary>
public sealed class PdfSandboxRunner(
    PdfPrograms programs, PdfGuards guards, SandboxProbe probe, PdfCanary canary, IOptions<CreditUsageOptions> options, TimeProvider clock, ILogger<PdfSandboxRunner> log) : IDisposable
{
    private static readonly TimeSpan RetestInterval = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _testing = new(1);
    private readonly Lock _logging = new();
    private volatile PdfEngineStatus? _status;
    private volatile PdfCanaryResult? _lastTest;
    private (SandboxLevel? Level, string? Problem, string? Refusal)? _logged;

    public PdfEngineStatus? LastStatus => _status;

    /// <summary>Such as "wkhtmltopdf 0.12.6, Bubblewrap". Runs the self-test where it has not run, and waits for it.</summary>
    public async Task<string> RequireEngineAsync(CancellationToken cancellation) => (await RequireLevelAsync(cancellation)).ToString();

    public async Task<PdfEngineStatus> GetStatusAsync(CancellationToken cancellation)
    {
        try
        {
            // Looked at each time, since what the probe knows is a minute old.
            _ = programs.Wkhtmltopdf;
            var level = await probe.LevelAsync(cancellation);
            var test = _lastTest is { } last && last.Sandbox == level.Sandbox ? last : null;
            return Log(new PdfEngineStatus(level, test, RefusalOf(level, test)));
        }
        catch (PdfException problem)
        {
            return Log(new PdfEngineStatus(null, _lastTest, problem.Message), problem.InnerException);
        }
    }

    public Task<PdfEngineStatus> TestAsync(CancellationToken cancellation) => TestAsync(_ => true, cancellation);

    /// <summary>Turns in.html of a folder into its out.pdf. An exit code of 0 proves nothing: the caller checks the file.</summary>
    /// <param name="withImages">Whether it has pictures.</param>
    public Task ConvertAsync(string folder, TimeSpan deadline, CancellationToken cancellation, bool withImages = false) =>
        RunAsync("wkhtmltopdf", programs.Wkhtmltopdf, withImages ? PdfPrograms.EngineArgumentsWithImages : PdfPrograms.EngineArguments, folder, deadline, "out.pdf", cancellation);

    internal Task QpdfAsync(IReadOnlyList<string> arguments, string folder, TimeSpan deadline, CancellationToken cancellation) =>
        RunAsync("qpdf", PdfPrograms.Qpdf, arguments, folder, deadline, cancellation);

    internal Task PdfToTextAsync(IReadOnlyList<string> arguments, string written, string folder, TimeSpan deadline, CancellationToken cancellation) =>
        RunAsync("pdftotext", PdfPrograms.PdfToText, arguments, folder, deadline, written, cancellation);

    public void Dispose() => _testing.Dispose();

    private async Task RunAsync(string name, string program, IReadOnlyList<string> arguments, string folder, TimeSpan deadline, string written, CancellationToken cancellation)
    {
        var before = Directory.GetFileSystemEntries(folder);
        await RunAsync(name, program, arguments, folder, deadline, cancellation);
        DeleteOthers(folder, before.Append(Path.Combine(folder, written)));
        if (before.Any(path => new FileInfo(path).LinkTarget is not null)) throw PdfException.EngineFailed("it left a link");
    }

    private async Task RunAsync(string name, string program, IReadOnlyList<string> arguments, string folder, TimeSpan deadline, CancellationToken cancellation)
    {
        var level = await RequireLevelAsync(cancellation);
        var result = await new GuardedProcess(guards, level.Sandbox, program, arguments, folder, deadline).RunAsync(cancellation);
        if (result.ExitCode == 0) return;
        throw PdfException.EngineFailed($"{name} ended with {result.ExitCode}", result.WasKilled ? new OperationCanceledException(result.Errors) : new InvalidOperationException(result.Errors));
    }

    /// <summary>A compromised program may have left a link where the site is about to write.</summary>
    private static void DeleteOthers(string folder, IEnumerable<string> expected)
    {
        foreach (var path in Directory.GetFileSystemEntries(folder).Except(expected))
        {
            if (new FileInfo(path) is { LinkTarget: null } entry && entry.Attributes.HasFlag(FileAttributes.Directory)) Directory.Delete(path, recursive: true);
            else File.Delete(path);
        }
    }

    private async Task<SandboxLevel> RequireLevelAsync(CancellationToken cancellation)
    {
        var status = await GetStatusAsync(cancellation);
        // A caller that has waited for another's test needs none of its own.
        if (MustTest(status)) status = await TestAsync(MustTest, cancellation);
        if (status is { Refusal: null, Level: { } level }) return level;
        // A failed self-test is retried; a setting or a missing program stays as it is.
        throw status.Canary?.Problem is null ? new PdfException(status.Refusal!) : new PdfBusyException(status.Refusal!);
    }

    private async Task<PdfEngineStatus> TestAsync(Func<PdfEngineStatus, bool> must, CancellationToken cancellation)
    {
        await _testing.WaitAsync(cancellation);
        try
        {
            var status = await GetStatusAsync(cancellation);
            // In a sandbox that is refused nothing is run.
            if (status is { Canary: null, Refusal: not null } || status.Level is not { } level || !must(status)) return status;
            _lastTest = await canary.RunAsync(level.Sandbox, cancellation);
            return await GetStatusAsync(cancellation);
        }
        finally
        {
            _testing.Release();
        }
    }

    private bool MustTest(PdfEngineStatus status) =>
        status.Level is not null && (status.Canary is not { } last ? status.Refusal is null : last.Problem is not null && clock.GetUtcNow() - last.At > RetestInterval);

    private string? RefusalOf(SandboxLevel level, PdfCanaryResult? test)
    {
        if (options.Value.Pdf.MinimumSandbox is { } minimum)
        {
            if (level.Sandbox < minimum)
                return $"PDFs are switched off: the server's settings require the sandbox {minimum}, and the strongest that works is {level.Sandbox}. Use Print, or ask whoever runs the server to install bubblewrap.";
        }
        else if (level.Sandbox < level.StrongestSoFar)
        {
            return $"PDFs are switched off: the sandbox they were made in ({level.StrongestSoFar}) works no more on the server, and none is made in a weaker one. Use Print, and tell whoever runs the server.";
        }
        else if (level.Sandbox == PdfSandbox.None)
        {
            return "PDFs are switched off: no sandbox works on the server, and without one whoever takes over the engine has this site's files. Use Print, or ask whoever runs the server to install bubblewrap, or to allow PDFs without one.";
        }
        return test?.Problem is { } problem ? $"PDFs are switched off: the PDF engine failed its self-test ({problem}). Use Print, and tell whoever runs the server." : null;
    }

    private PdfEngineStatus Log(PdfEngineStatus status, Exception? problem = null)
    {
        _status = status;
        if (status is { Canary: null, Refusal: null }) return status;
        var entry = (status.Level, status.Canary?.Problem, status.Refusal);
        lock (_logging)
        {
            if (_logged == entry) return status;
            _logged = entry;
        }
        if (status.Warning is { } warning) log.LogWarning(problem, "PDFs ({Engine}): {Warning} {Reason}", status.Level, warning, status.Level?.WhyNotStronger);
        else log.LogInformation("PDFs are made with {Engine}; its self-test passed", status.Level);
        return status;
    }
}

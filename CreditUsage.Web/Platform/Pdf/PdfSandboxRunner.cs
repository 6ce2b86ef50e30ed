using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Pdf;

/// <summary>Runs the programs that PDFs are made with, in the strongest sandbox there is, and only while the engine passes its self-test.</summary>
public sealed class PdfSandboxRunner(
    PdfPrograms programs, PdfGuards guards, SandboxProbe probe, PdfCanary canary, IOptions<CreditUsageOptions> options, TimeProvider clock, ILogger<PdfSandboxRunner> log) : IDisposable
{
    private static readonly TimeSpan RetestInterval = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _testing = new(1);
    private readonly Lock _logging = new();
    private volatile PdfEngineStatus? _status;
    private volatile PdfCanaryResult? _lastTest;
    private (SandboxLevel? Level, string? Problem, string? Refusal)? _logged;

    /// <summary>The last answer of <see cref="GetStatusAsync"/>, without asking again; null before the first.</summary>
    public PdfEngineStatus? LastStatus => _status;

    /// <summary>What files are made with here, such as "wkhtmltopdf 0.12.6, Bubblewrap". Waits for the self-test, and runs it where nobody has.</summary>
    /// <exception cref="PdfException">The engine is not there, or PDFs are refused.</exception>
    public async Task<string> RequireEngineAsync(CancellationToken cancellation) => (await RequireLevelAsync(cancellation)).ToString();

    /// <summary>The engine's status at this moment, as far as it is known without running the self-test.</summary>
    public async Task<PdfEngineStatus> GetStatusAsync(CancellationToken cancellation)
    {
        try
        {
            var level = await probe.LevelAsync(cancellation);
            // What another sandbox held says nothing of this one.
            var test = _lastTest is { } last && last.Sandbox == level.Sandbox ? last : null;
            return Log(new PdfEngineStatus(level, test, RefusalOf(level, test)));
        }
        catch (PdfException problem)
        {
            return Log(new PdfEngineStatus(null, _lastTest, problem.Message), problem.InnerException);
        }
    }

    /// <summary>Runs the self-test, whatever the last one found.</summary>
    public Task<PdfEngineStatus> TestAsync(CancellationToken cancellation) => TestAsync(_ => true, cancellation);

    /// <summary>Turns in.html of a folder into its out.pdf. An exit code of 0 proves nothing: the caller looks at the file.</summary>
    /// <exception cref="PdfException">It cannot be started, took too long or too much, or failed.</exception>
    public Task ConvertAsync(string folder, TimeSpan deadline, CancellationToken cancellation) =>
        RunAsync("wkhtmltopdf", programs.Wkhtmltopdf, PdfPrograms.EngineArguments, folder, deadline, "out.pdf", cancellation);

    /// <summary>Runs qpdf on files of a folder.</summary>
    /// <exception cref="PdfException">It cannot be started, took too long or too much, or failed.</exception>
    internal Task QpdfAsync(IReadOnlyList<string> arguments, string folder, TimeSpan deadline, CancellationToken cancellation) =>
        RunAsync("qpdf", PdfPrograms.Qpdf, arguments, folder, deadline, cancellation);

    /// <summary>Runs pdftotext on a file of a folder.</summary>
    /// <param name="written">The file that it writes.</param>
    /// <exception cref="PdfException">It cannot be started, took too long or too much, or failed.</exception>
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

    /// <summary>The program may have been taken over: a link it left where the site is about to write would lead the site astray.</summary>
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
        // Who waits for another's test needs none of his own.
        if (MustTest(status)) status = await TestAsync(MustTest, cancellation);
        if (status is { Refusal: null, Level: { } level }) return level;
        // A self-test that failed is tried again; a setting or a missing program stays as it is.
        throw status.Canary?.Problem is null ? new PdfException(status.Refusal!) : new PdfBusyException(status.Refusal!);
    }

    private async Task<PdfEngineStatus> TestAsync(Func<PdfEngineStatus, bool> must, CancellationToken cancellation)
    {
        await _testing.WaitAsync(cancellation);
        try
        {
            var status = await GetStatusAsync(cancellation);
            if (status.Level is not { } level || !must(status)) return status;
            _lastTest = await canary.RunAsync(level.Sandbox, cancellation);
            return await GetStatusAsync(cancellation);
        }
        finally
        {
            _testing.Release();
        }
    }

    private bool MustTest(PdfEngineStatus status) =>
        status.Level is not null && (status.Canary is not { } last || (last.Problem is not null && clock.GetUtcNow() - last.At > RetestInterval));

    private string? RefusalOf(SandboxLevel level, PdfCanaryResult? test)
    {
        var minimum = options.Value.Pdf.MinimumSandbox;
        if (level.Sandbox < minimum)
            return $"PDFs are switched off: the setting CreditUsage:Pdf:MinimumSandbox asks for {minimum}, and the strongest that works on the server is {level.Sandbox}. Use Print, or ask whoever runs the server to install bubblewrap.";
        return test?.Problem is { } problem ? $"PDFs are switched off: the PDF engine failed its self-test ({problem}). Use Print, and tell whoever runs the server." : null;
    }

    /// <summary>Writes a status to the log once the first self-test has ended, and whenever something changes.</summary>
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

using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Pdf;

/// <summary>The programs that PDFs are made with, each run under guard: fixed arguments, an environment and a folder of its own, a deadline, the strongest sandbox there is.</summary>
public sealed class PdfSandboxRunner(PdfPrograms programs, SandboxProbe walls, PdfCanary canary, IOptions<CreditUsageOptions> options, TimeProvider clock, ILogger<PdfSandboxRunner> log) : IDisposable
{
    private const string Page = "in.html";
    private const string Made = "out.pdf";
    private static readonly TimeSpan BetweenFailures = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _testing = new(1);
    private readonly Lock _saying = new();
    private volatile PdfEngineStatus? _standing;
    private volatile PdfCanaryResult? _tested;
    private (SandboxLevel? Tier, string? Canary, string? Refusal)? _said;

    /// <summary>How PDFs stood when somebody last wanted to know; null before the first time. Costs nothing.</summary>
    public PdfEngineStatus? LastStanding => _standing;

    // Without the delay of 0 it waits 200 ms for scripts; the dead proxy keeps it from reaching anything.
    internal static IReadOnlyList<string> EngineArguments { get; } =
    [
        "-q", "--javascript-delay", "0", "--disable-javascript", "--disable-local-file-access", "--disable-plugins", "--no-images",
        "--proxy", "http://127.0.0.1:9", "--encoding", "utf-8", "-s", "A4", "-T", "0", "-B", "0", "-L", "0", "-R", "0", Page, Made,
    ];

    /// <summary>What files are made with here, such as "wkhtmltopdf 0.12.6, Bubblewrap". Waits for the self-test, and runs it where nobody has.</summary>
    /// <exception cref="PdfException">The engine is not there, or PDFs are refused.</exception>
    public async Task<string> MadeWithAsync(CancellationToken cancellation) => (await AllowedAsync(cancellation)).ToString();

    /// <summary>How PDFs stand at this moment, as far as it is known without running the self-test.</summary>
    public async Task<PdfEngineStatus> StandAsync(CancellationToken cancellation)
    {
        try
        {
            var tier = await walls.TierAsync(cancellation);
            // What another sandbox held says nothing of this one.
            var tested = _tested is { } last && last.Sandbox == tier.Sandbox ? last : null;
            return Say(new PdfEngineStatus(tier, tested, RefusalOf(tier, tested)));
        }
        catch (PdfException problem)
        {
            return Say(new PdfEngineStatus(null, _tested, problem.Message), problem.InnerException);
        }
    }

    /// <summary>Runs the self-test, whatever the last one said.</summary>
    public Task<PdfEngineStatus> TestAsync(CancellationToken cancellation) => TestAsync(_ => true, cancellation);

    public void Dispose() => _testing.Dispose();

    /// <summary>Turns in.html of a folder into its out.pdf. That it says so proves nothing: the caller looks at the file.</summary>
    /// <exception cref="PdfException">It cannot be started, took too long or too much, or says that it failed.</exception>
    public async Task ConvertAsync(string folder, TimeSpan deadline, CancellationToken cancellation)
    {
        var before = Directory.GetFileSystemEntries(folder);
        await RunAsync("wkhtmltopdf", programs.Wkhtmltopdf, EngineArguments, folder, deadline, cancellation);
        LeaveNothingElse(folder, before);
    }

    /// <summary>Runs qpdf on files of a folder, and answers what it wrote to its output.</summary>
    /// <exception cref="PdfException">It cannot be started, took too long or too much, or says that it failed.</exception>
    internal Task<string> QpdfAsync(IReadOnlyList<string> arguments, string folder, TimeSpan deadline, CancellationToken cancellation) =>
        RunAsync("qpdf", PdfPrograms.Qpdf, arguments, folder, deadline, cancellation);

    private async Task<string> RunAsync(string name, string program, IReadOnlyList<string> arguments, string folder, TimeSpan deadline, CancellationToken cancellation)
    {
        var result = await walls.RunAsync((await AllowedAsync(cancellation)).Sandbox, program, arguments, folder, deadline, cancellation);
        return result.ExitCode == 0 ? result.Output : throw PdfProof.Broken($"{name} ended with {result.ExitCode}", WasKilled(result) ? new OperationCanceledException(result.Errors) : new InvalidOperationException(result.Errors));
    }

    /// <summary>By a signal, as programs tell it to whoever waits for them.</summary>
    private static bool WasKilled(PdfToolResult result) => result.ExitCode > 128;

    /// <summary>The engine may have been taken over: a link it left where the site is about to write would lead the site astray.</summary>
    private static void LeaveNothingElse(string folder, IReadOnlyList<string> before)
    {
        foreach (var path in Directory.GetFileSystemEntries(folder).Except(before).Where(path => Path.GetFileName(path) != Made))
        {
            if (new FileInfo(path).Attributes.HasFlag(FileAttributes.Directory) && new FileInfo(path).LinkTarget is null) Directory.Delete(path, recursive: true);
            else File.Delete(path);
        }
        if (before.Any(path => new FileInfo(path).LinkTarget is not null)) throw PdfProof.Broken("it left a link");
    }

    private async Task<SandboxLevel> AllowedAsync(CancellationToken cancellation)
    {
        var standing = await StandAsync(cancellation);
        // Who waits for another's test needs none of his own.
        if (MustTest(standing)) standing = await TestAsync(MustTest, cancellation);
        if (standing is { Refusal: null, Tier: { } tier }) return tier;
        // A self-test that failed is tried again; a setting or a missing program stays as it is.
        throw standing.Canary?.Problem is null ? new PdfException(standing.Refusal!) : new PdfBusyException(standing.Refusal!);
    }

    private async Task<PdfEngineStatus> TestAsync(Func<PdfEngineStatus, bool> must, CancellationToken cancellation)
    {
        await _testing.WaitAsync(cancellation);
        try
        {
            var standing = await StandAsync(cancellation);
            if (standing.Tier is not { } tier || !must(standing)) return standing;
            _tested = await canary.RunAsync(tier, cancellation);
            return await StandAsync(cancellation);
        }
        finally
        {
            _testing.Release();
        }
    }

    private bool MustTest(PdfEngineStatus standing) =>
        standing.Tier is not null && (standing.Canary is not { } last || (last.Problem is not null && clock.GetUtcNow() - last.At > BetweenFailures));

    private string? RefusalOf(SandboxLevel tier, PdfCanaryResult? tested)
    {
        var minimum = options.Value.Pdf.MinimumSandbox;
        if (tier.Sandbox < minimum)
            return $"PDFs are switched off: the setting CreditUsage:Pdf:MinimumSandbox asks for {minimum}, and the strongest that works on the server is {tier.Sandbox}. Use Print, or ask whoever runs the server to install bubblewrap.";
        return tested?.Problem is { } problem ? $"PDFs are switched off: the PDF engine failed its self-test ({problem}). Use Print, and tell whoever runs the server." : null;
    }

    /// <summary>Into the log when the first self-test has ended, and whenever something changes.</summary>
    private PdfEngineStatus Say(PdfEngineStatus standing, Exception? problem = null)
    {
        _standing = standing;
        if (standing is { Canary: null, Refusal: null }) return standing;
        var said = (standing.Tier, standing.Canary?.Problem, standing.Refusal);
        lock (_saying)
        {
            if (_said == said) return standing;
            _said = said;
        }
        if (standing.Warning is { } warning) log.LogWarning(problem, "PDFs ({Engine}): {Warning} {Reason}", standing.Tier, warning, standing.Tier?.WhyNotStronger);
        else log.LogInformation("PDFs are made with {Engine}; its self-test passed", standing.Tier);
        return standing;
    }
}

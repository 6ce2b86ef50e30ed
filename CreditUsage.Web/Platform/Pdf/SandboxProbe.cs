using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Pdf;

/// <summary>The sandbox that the programs run in: the strongest that works on this machine, which only running it can tell.</summary>
public sealed class SandboxProbe(PdfPrograms programs, PdfSandboxes sandboxes, PdfGuards guards, IOptions<CreditUsageOptions> options, TimeProvider clock) : IDisposable
{
    /// <summary>Long enough for a machine out of breath: a sandbox must not be given up for being slow once.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _trying = new(1);
    private SandboxLevel? _tier;
    private PdfException? _failure;
    private DateTimeOffset _triedAt;

    /// <summary>The tier, tried at most once a minute, however many want to know.</summary>
    /// <exception cref="PdfException">The engine is not there, does not answer, or is too old.</exception>
    public async Task<SandboxLevel> TierAsync(CancellationToken cancellation)
    {
        await _trying.WaitAsync(cancellation);
        try
        {
            if ((_tier is null && _failure is null) || clock.GetUtcNow() - _triedAt > Fresh) await TryAgainAsync(cancellation);
            return _tier ?? throw new PdfException(_failure!.Message, _failure.InnerException);
        }
        finally
        {
            _trying.Release();
        }
    }

    public void Dispose() => _trying.Dispose();

    /// <summary>A failure that took long is remembered too: an engine that hangs must not hold up everybody in turn.</summary>
    private async Task TryAgainAsync(CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            (_tier, _failure) = (await TryAsync(cancellation), null);
        }
        catch (PdfException problem)
        {
            (_tier, _failure) = (null, Stopwatch.GetElapsedTime(began) < LongWait ? null : problem);
            if (_failure is null) throw;
        }
        _triedAt = clock.GetUtcNow();
    }

    /// <summary>Runs a program in the sandbox of a tier.</summary>
    /// <exception cref="PdfException">It cannot be started, took too long or too much.</exception>
    internal Task<PdfToolResult> RunAsync(PdfSandbox sandbox, string program, IReadOnlyList<string> arguments, string folder, TimeSpan deadline, CancellationToken cancellation) =>
        new PdfTool(guards, sandbox, program, arguments, folder, deadline).RunAsync(cancellation);

    private async Task<SandboxLevel> TryAsync(CancellationToken cancellation)
    {
        var refusals = new List<string>();
        foreach (var sandbox in sandboxes.Tried.Append(PdfSandbox.None))
        {
            using var folder = PdfJobFolder.Create(options.Value.DataFolder);
            var (version, refusal) = await AskAsync(sandbox, folder.Path, cancellation);
            if (version is not null) return new SandboxLevel(sandbox, version, guards.Missing, string.Join(' ', refusals));
            refusals.Add($"{sandbox}: {refusal}");
        }
        throw new PdfException("wkhtmltopdf is installed on the server but does not answer. Use Print, or ask whoever runs the server.", new InvalidOperationException(string.Join(' ', refusals)));
    }

    /// <summary>The engine's version, asked inside the sandbox; or what kept it from answering.</summary>
    private async Task<(string? Version, string Refusal)> AskAsync(PdfSandbox sandbox, string folder, CancellationToken cancellation)
    {
        var engine = programs.Wkhtmltopdf;
        if (!PdfSandboxCommand.IsThere(sandbox)) return (null, "not installed");
        try
        {
            var answer = await RunAsync(sandbox, engine, ["--version"], folder, Patience, cancellation);
            return answer.ExitCode == 0 ? (PdfPrograms.Checked(answer.Output.Trim()), "") : (null, $"ended with {answer.ExitCode}: {answer.Errors.Trim()}");
        }
        catch (PdfException problem) when (problem is not PdfEngineVersionException)
        {
            return (null, problem.Message);
        }
    }
}

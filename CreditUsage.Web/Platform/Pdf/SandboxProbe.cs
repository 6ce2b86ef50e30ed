using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Pdf;

/// <summary>Finds the strongest sandbox that works on this machine by running the engine in it.</summary>
public sealed class SandboxProbe(PdfPrograms programs, PdfSandboxes sandboxes, PdfGuards guards, IOptions<CreditUsageOptions> options, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan LongFailure = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _probing = new(1);
    private SandboxLevel? _level;
    private PdfException? _failure;
    private DateTimeOffset _probedAt;
    private PdfSandbox _strongest;

    /// <exception cref="PdfException">The engine is not there, does not answer, or is too old.</exception>
    public async Task<SandboxLevel> LevelAsync(CancellationToken cancellation)
    {
        await _probing.WaitAsync(cancellation);
        try
        {
            if ((_level is null && _failure is null) || clock.GetUtcNow() - _probedAt > MaxAge) await ProbeAsync(cancellation);
            return _level ?? throw new PdfException(_failure!.Message, _failure.InnerException);
        }
        finally
        {
            _probing.Release();
        }
    }

    public void Dispose() => _probing.Dispose();

    /// <summary>Remembers a slow failure too: an engine that hangs must not delay every caller in turn.</summary>
    private async Task ProbeAsync(CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            (_level, _failure) = (await FindStrongestAsync(cancellation), null);
        }
        catch (PdfException problem)
        {
            (_level, _failure) = (null, Stopwatch.GetElapsedTime(start) < LongFailure ? null : problem);
            if (_failure is null) throw;
        }
        _probedAt = clock.GetUtcNow();
    }

    private async Task<SandboxLevel> FindStrongestAsync(CancellationToken cancellation)
    {
        var refusals = new List<string>();
        foreach (var sandbox in sandboxes.Tried.Append(PdfSandbox.None))
        {
            using var folder = PdfJobFolder.Create(options.Value.DataFolder);
            var (version, refusal) = await VersionInAsync(sandbox, folder.Path, cancellation);
            if (version is not null)
            {
                if (sandbox > _strongest) _strongest = sandbox;
                return new SandboxLevel(sandbox, version, guards.Missing, string.Join(' ', refusals)) { StrongestSoFar = _strongest, IsUnfiltered = sandbox == PdfSandbox.Bubblewrap && guards.Filter is null };
            }
            refusals.Add($"{sandbox}: {refusal}");
        }
        throw new PdfException("wkhtmltopdf is installed on the server but does not answer. Use Print, or ask whoever runs the server.", new InvalidOperationException(string.Join(' ', refusals)));
    }

    private async Task<(string? Version, string Refusal)> VersionInAsync(PdfSandbox sandbox, string folder, CancellationToken cancellation)
    {
        var engine = programs.Wkhtmltopdf;
        if (!SandboxCommand.IsInstalled(sandbox)) return (null, "not installed");
        try
        {
            var answer = await new GuardedProcess(guards, sandbox, engine, ["--version"], folder, options.Value.Pdf.TrialDeadline).RunAsync(cancellation);
            if (answer.ExitCode != 0) return (null, $"ended with {answer.ExitCode}: {answer.Errors.Trim()}");
            var version = answer.Output.Trim();
            PdfPrograms.ThrowUnlessUsable(version);
            return (version, "");
        }
        catch (PdfException problem) when (problem is not PdfEngineVersionException)
        {
            return (null, problem.Message);
        }
    }
}

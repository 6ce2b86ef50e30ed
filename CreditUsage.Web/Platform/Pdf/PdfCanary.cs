using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Pdf;

/// <summary>
/// The engine's self-test: a page that tries to reach a listener of ours and a file outside its folder. Its own text must be in the PDF, and
/// neither of the two may have been reached. That a sandbox is there proves nothing; that it held does.
/// </summary>
public sealed class PdfCanary(PdfPrograms programs, SandboxProbe walls, IOptions<CreditUsageOptions> options, TimeProvider clock)
{
    private const string MadeNothing = "it made no PDF";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async Task<PdfCanaryResult> RunAsync(SandboxLevel tier, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(tier);
        try
        {
            var problem = await TryAsync(tier.Sandbox, cancellation);
            // It may have been killed for want of memory, or by hand: only what it reached is a verdict.
            if (problem == MadeNothing) problem = await TryAsync(tier.Sandbox, cancellation);
            return new PdfCanaryResult(tier.Sandbox, clock.GetUtcNow(), problem);
        }
        catch (Exception problem) when (problem is PdfException or IOException)
        {
            return new PdfCanaryResult(tier.Sandbox, clock.GetUtcNow(), $"it could not be run: {problem.Message}");
        }
    }

    private async Task<string?> TryAsync(PdfSandbox sandbox, CancellationToken cancellation)
    {
        using var job = PdfJobFolder.Create(options.Value.DataFolder);
        using var elsewhere = PdfJobFolder.Create(options.Value.DataFolder);
        var (text, secret) = (Token(), Token());
        await File.WriteAllTextAsync(elsewhere.File("secret.txt"), secret, cancellation);
        using var listener = new PdfCanaryListener();
        await File.WriteAllTextAsync(job.File("in.html"), Page(text, listener.Url, elsewhere.File("secret.txt")), cancellation);

        // It may well end with 1 for all that it could not reach: what counts is the file.
        await walls.RunAsync(sandbox, programs.Wkhtmltopdf, PdfSandboxRunner.EngineArguments, job.Path, Deadline, cancellation);
        if (listener.WasReached) return "it reached the network";
        if (!File.Exists(job.File("out.pdf"))) return MadeNothing;
        var read = await walls.RunAsync(sandbox, PdfPrograms.PdfToText, ["out.pdf", "-"], job.Path, Deadline, cancellation);
        if (read.Output.Contains(secret, StringComparison.Ordinal)) return "it read a file that it must not";
        return read.Output.Contains(text, StringComparison.Ordinal) ? null : "its PDF did not say what it was given";
    }

    private static string Token() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private static string Page(string text, Uri url, string secret) => string.Create(CultureInfo.InvariantCulture, $"""
        <!DOCTYPE html><html><head><meta charset="utf-8"><title>canary</title></head><body><p>{text}</p>
        <iframe src="{url}iframe"></iframe><img src="{url}img"><object data="{url}object"></object>
        <iframe src="{new Uri(secret)}"></iframe><object data="{new Uri(secret)}"></object></body></html>
        """);
}

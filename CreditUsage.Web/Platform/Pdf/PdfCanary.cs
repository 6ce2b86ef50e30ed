using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Pdf;

/// <summary>Self-test: a page tries to reach a listener of ours and a file outside its folder. Its text must be in the PDF, and neither may have been reached.</summary>
public sealed class PdfCanary(PdfPrograms programs, PdfGuards guards, IOptions<CreditUsageOptions> options, TimeProvider clock)
{
    private const string NoPdf = "it made no PDF";

    public async Task<PdfCanaryResult> RunAsync(PdfSandbox sandbox, CancellationToken cancellation)
    {
        try
        {
            var problem = await TestAsync(sandbox, cancellation);
            // Try once more: the engine may have run out of memory or been killed by hand.
            if (problem == NoPdf) problem = await TestAsync(sandbox, cancellation);
            return new PdfCanaryResult(sandbox, clock.GetUtcNow(), problem);
        }
        catch (Exception problem) when (problem is PdfException or IOException)
        {
            return new PdfCanaryResult(sandbox, clock.GetUtcNow(), $"it could not be run: {problem.Message}");
        }
    }

    private async Task<string?> TestAsync(PdfSandbox sandbox, CancellationToken cancellation)
    {
        using var job = PdfJobFolder.Create(options.Value.DataFolder);
        using var elsewhere = PdfJobFolder.Create(options.Value.DataFolder);
        var (text, secret) = (Token(), Token());
        await File.WriteAllTextAsync(elsewhere.File("secret.txt"), secret, cancellation);
        using var listener = new CanaryListener();
        await File.WriteAllTextAsync(job.File("in.html"), Page(text, listener.Url, elsewhere.File("secret.txt")), cancellation);

        // The exit code may be 1 because nothing could be reached: only the file counts.
        await new GuardedProcess(guards, sandbox, programs.Wkhtmltopdf, PdfPrograms.EngineArguments, job.Path, options.Value.Pdf.TrialDeadline).RunAsync(cancellation);
        if (listener.WasReached) return "it reached the network";
        if (!File.Exists(job.File("out.pdf"))) return NoPdf;
        var read = await new GuardedProcess(guards, sandbox, PdfPrograms.PdfToText, ["out.pdf", "-"], job.Path, options.Value.Pdf.TrialDeadline).RunAsync(cancellation);
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

/// <summary>Hangs up at once, so that an engine that reaches it does not wait.</summary>
internal sealed class CanaryListener : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private volatile bool _reached;

    public CanaryListener()
    {
        _listener.Start();
        _ = HangUpAsync();
    }

    public Uri Url => new($"http://{_listener.LocalEndpoint}/");

    public bool WasReached => _reached || _listener.Pending();

    public void Dispose() => _listener.Dispose();

    private async Task HangUpAsync()
    {
        try
        {
            while (true)
            {
                using var caller = await _listener.AcceptTcpClientAsync();
                _reached = true;
            }
        }
        catch (Exception over) when (over is ObjectDisposedException or SocketException)
        {
            // The test has ended.
        }
    }
}

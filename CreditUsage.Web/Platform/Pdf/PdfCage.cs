using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Pdf;

/// <summary>The programs that PDFs are made with, each run under guard: fixed arguments, an environment and a folder of its own, a deadline.</summary>
public sealed class PdfCage(PdfPrograms programs, IOptions<CreditUsageOptions> options)
{
    // Without the delay of 0 it waits 200 ms for scripts; the dead proxy keeps it from reaching anything.
    private static readonly string[] EngineArguments =
    [
        "-q", "--javascript-delay", "0", "--disable-javascript", "--disable-local-file-access", "--disable-plugins", "--no-images",
        "--proxy", "http://127.0.0.1:9", "--encoding", "utf-8", "-s", "A4", "-T", "0", "-B", "0", "-L", "0", "-R", "0", "in.html", "out.pdf",
    ];

    /// <summary>What files are made with here, such as "wkhtmltopdf 0.12.6, None".</summary>
    /// <exception cref="PdfException">The engine is not there, or PDFs are refused.</exception>
    public async Task<string> MadeWithAsync(CancellationToken cancellation)
    {
        if (options.Value.Pdf.MinimumSandbox != PdfSandbox.None)
            throw new PdfException($"PDFs are switched off: the setting CreditUsage:Pdf:MinimumSandbox asks for {options.Value.Pdf.MinimumSandbox}, and this version has no sandbox. Use Print.");
        return $"{await programs.VersionAsync(cancellation)}, {PdfSandbox.None}";
    }

    /// <summary>Turns in.html of a folder into its out.pdf. That it says so proves nothing: the caller looks at the file.</summary>
    /// <exception cref="PdfException">It cannot be started, took too long, or says that it failed.</exception>
    internal async Task ConvertAsync(string folder, TimeSpan deadline, CancellationToken cancellation)
    {
        var result = await new PdfTool(programs.Wkhtmltopdf, EngineArguments, folder, deadline).RunAsync(cancellation);
        if (result.ExitCode != 0) throw Failed("wkhtmltopdf", result);
    }

    /// <summary>Runs qpdf on files of a folder, and answers what it wrote to its output.</summary>
    /// <exception cref="PdfException">It cannot be started, took too long, or says that it failed.</exception>
    internal static async Task<string> QpdfAsync(IReadOnlyList<string> arguments, string folder, TimeSpan deadline, CancellationToken cancellation)
    {
        var result = await new PdfTool(PdfPrograms.Qpdf, arguments, folder, deadline).RunAsync(cancellation);
        return result.ExitCode == 0 ? result.Output : throw Failed("qpdf", result);
    }

    private static PdfException Failed(string program, PdfToolResult result) =>
        PdfProof.Broken($"{program} ended with {result.ExitCode}", new InvalidOperationException(result.Errors));
}

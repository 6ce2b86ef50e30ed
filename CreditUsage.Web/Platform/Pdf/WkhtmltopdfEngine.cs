using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Pdf;

/// <summary>Drives wkhtmltopdf as docs/decisions/0003 says: never through a shell, never with a user's words, never believed.</summary>
public sealed class WkhtmltopdfEngine(PdfPrograms programs, PdfPlaces places, IOptions<CreditUsageOptions> options, ILogger<WkhtmltopdfEngine> log) : IPdfEngine
{
    // Without the delay of 0 it waits 200 ms for scripts; the dead proxy keeps it from reaching anything.
    private static readonly string[] Arguments =
    [
        "-q", "--javascript-delay", "0", "--disable-javascript", "--disable-local-file-access", "--disable-plugins", "--no-images",
        "--proxy", "http://127.0.0.1:9", "--encoding", "utf-8", "-s", "A4", "-T", "0", "-B", "0", "-L", "0", "-R", "0", "in.html", "out.pdf",
    ];

    private static readonly string Nowhere = OperatingSystem.IsWindows() ? "NUL" : "/dev/null";

    public async Task<PdfFile> ConvertAsync(PdfSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (options.Value.Pdf.MinimumSandbox != PdfSandbox.None)
            throw new PdfException($"PDFs are switched off: the setting CreditUsage:Pdf:MinimumSandbox asks for {options.Value.Pdf.MinimumSandbox}, and this version has no sandbox. Use Print.");
        using var turn = await places.EnterAsync(cancellation);
        var folder = PdfJobFolder.Create(options.Value.DataFolder);
        try
        {
            return await ConvertAsync(source, folder, cancellation);
        }
        catch (Exception problem)
        {
            folder.Dispose();
            if (problem is PdfException) log.LogError(problem.InnerException, "No PDF was made of {Rows} rows on {Pages} pages: {Reason}", source.Rows, source.Pages, problem.Message);
            if (problem is IOException) throw new PdfException("The server's disk refused the PDF, so nothing was saved. Use Print, or ask whoever runs the server.", problem);
            throw;
        }
    }

    private async Task<PdfFile> ConvertAsync(PdfSource source, PdfJobFolder folder, CancellationToken cancellation)
    {
        var deadline = TimeSpan.FromSeconds(options.Value.Pdf.TimeoutSeconds ?? (10 + (source.Rows / 500)));
        await WriteHtmlAsync(source, folder.File("in.html"));

        var made = await new PdfTool(programs.Wkhtmltopdf, Arguments, folder.Path, deadline).RunAsync(cancellation);
        if (made.ExitCode != 0) throw Failed("wkhtmltopdf", made);
        PdfProof.WholeFile(folder.File("out.pdf"));

        await File.WriteAllBytesAsync(folder.File("properties.json"), PdfProperties.UpdateFor(folder.File("out.pdf"), source), cancellation);
        await QpdfAsync(["out.pdf", "--update-from-json=properties.json", "final.pdf"]);
        PdfProof.WholeFile(folder.File("final.pdf"));
        PdfProof.Pages(await QpdfAsync(["--show-npages", "final.pdf"]), source.Pages);
        // Decodes every stream as --check does, without parsing the pages' text: that took 4 s of CPU for 10,000 rows, more than making them.
        await QpdfAsync(["--decode-level=all", "--stream-data=uncompress", "final.pdf", Nowhere]);
        return Finished(folder, source.Pages);

        async Task<string> QpdfAsync(string[] arguments)
        {
            var result = await new PdfTool(PdfPrograms.Qpdf, arguments, folder.Path, deadline).RunAsync(cancellation);
            return result.ExitCode == 0 ? result.Output : throw Failed("qpdf", result);
        }
    }

    private static async Task WriteHtmlAsync(PdfSource source, string path)
    {
        await using var html = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        await source.WriteHtml(html);
    }

    private static PdfFile Finished(PdfJobFolder folder, int pages)
    {
        var path = folder.File("final.pdf");
        using var content = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        content.Flush(flushToDisk: true);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        return new PdfFile(folder, path, content.Length, sha256, pages);
    }

    private static PdfException Failed(string program, PdfToolResult result) =>
        PdfProof.Broken($"{program} ended with {result.ExitCode}", new InvalidOperationException(result.Errors));
}

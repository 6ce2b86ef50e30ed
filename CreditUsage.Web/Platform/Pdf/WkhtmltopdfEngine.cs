using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Pdf;

/// <summary>Drives wkhtmltopdf as docs/decisions/0003 says: never through a shell, never with a user's words, never believed.</summary>
public sealed class WkhtmltopdfEngine(PdfCage cage, PdfPlaces places, IOptions<CreditUsageOptions> options, ILogger<WkhtmltopdfEngine> log) : IPdfEngine
{
    private static readonly string Nowhere = OperatingSystem.IsWindows() ? "NUL" : "/dev/null";

    public async Task<PdfFile> ConvertAsync(PdfSource source, IProgress<int>? rowsDone, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        var madeWith = await cage.MadeWithAsync(cancellation);
        using var turn = await places.EnterAsync(cancellation);
        var folder = PdfJobFolder.Create(options.Value.DataFolder);
        try
        {
            var made = await ConvertAsync(source, folder, madeWith, cancellation);
            rowsDone?.Report(source.Rows);
            return made;
        }
        catch (Exception problem)
        {
            folder.Dispose();
            if (problem is PdfException) log.LogError(problem.InnerException, "No PDF was made of {Rows} rows on {Pages} pages: {Reason}", source.Rows, source.Pages, problem.Message);
            if (problem is IOException) throw new PdfException("The server's disk refused the PDF, so nothing was saved. Use Print, or ask whoever runs the server.", problem);
            throw;
        }
    }

    private async Task<PdfFile> ConvertAsync(PdfSource source, PdfJobFolder folder, string madeWith, CancellationToken cancellation)
    {
        var deadline = TimeSpan.FromSeconds(options.Value.Pdf.TimeoutSeconds ?? (10 + (source.Rows / 500)));
        await WriteHtmlAsync(source, folder.File("in.html"));

        await cage.ConvertAsync(folder.Path, deadline, cancellation);
        PdfProof.WholeFile(folder.File("out.pdf"));

        await File.WriteAllBytesAsync(folder.File("properties.json"), PdfProperties.UpdateFor(folder.File("out.pdf"), source), cancellation);
        await QpdfAsync(["out.pdf", "--update-from-json=properties.json", "final.pdf"]);
        PdfProof.WholeFile(folder.File("final.pdf"));
        PdfProof.Pages(await QpdfAsync(["--show-npages", "final.pdf"]), source.Pages);
        // Decodes every stream as --check does, without parsing the pages' text: that took 4 s of CPU for 10,000 rows, more than making them.
        await QpdfAsync(["--decode-level=all", "--stream-data=uncompress", "final.pdf", Nowhere]);
        return Finished(folder, source.Pages, madeWith);

        Task<string> QpdfAsync(string[] arguments) => cage.QpdfAsync(arguments, folder.Path, deadline, cancellation);
    }

    private static async Task WriteHtmlAsync(PdfSource source, string path)
    {
        await using var html = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        await source.WriteHtml(html);
    }

    private static PdfFile Finished(PdfJobFolder folder, int pages, string madeWith)
    {
        var path = folder.File("final.pdf");
        using var content = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        content.Flush(flushToDisk: true);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        return new PdfFile(folder, path, content.Length, sha256, pages, madeWith);
    }
}

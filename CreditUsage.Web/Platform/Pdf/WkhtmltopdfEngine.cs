using System.Security.Cryptography;
using System.Text;
using CreditUsage.Platform.Storage;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Pdf;

/// <summary>Drives wkhtmltopdf as docs/decisions/0003 says: never through a shell, never with a user's words, never believed.</summary>
public sealed class WkhtmltopdfEngine(PdfCage cage, PdfPlaces places, IOptions<CreditUsageOptions> options, ILogger<WkhtmltopdfEngine> log) : IPdfEngine
{
    public async Task<PdfFile> ConvertAsync(PdfSource source, IProgress<int>? rowsDone, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        var madeWith = await cage.MadeWithAsync(cancellation);
        using var admitted = places.Admit(source.Owner);
        var folder = PdfJobFolder.Create(options.Value.DataFolder);
        try
        {
            await WriteHtmlAsync(source, folder, cancellation);
            using var place = await admitted.EnterAsync(cancellation);
            await new PdfParts(source, folder, cage, places, Deadline(source.Rows)).ConvertAsync(rowsDone, cancellation);
            await JoinAsync(source, folder, cancellation);
            return Finished(folder, source.Pages, madeWith);
        }
        catch (Exception problem)
        {
            folder.Dispose();
            if (problem is PdfException) log.LogError(problem.InnerException, "No PDF was made of {Rows} rows on {Pages} pages: {Reason}", source.Rows, source.Pages, problem.Message);
            if (problem is IOException) throw new PdfException("The server's disk refused the PDF, so nothing was saved. Use Print, or ask whoever runs the server.", problem);
            throw;
        }
    }

    private TimeSpan Deadline(int rows) => TimeSpan.FromSeconds(options.Value.Pdf.TimeoutSeconds ?? (10 + (rows / 500)));

    /// <summary>All parts before the first is made, so that what they are read from is let go of.</summary>
    private static async Task WriteHtmlAsync(PdfSource source, PdfJobFolder folder, CancellationToken cancellation)
    {
        for (var number = 0; number < source.Parts.Count; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            var path = Path.Combine(PrivateFolder.Create(PdfParts.Folder(folder, number)), "in.html");
            await using var html = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            await source.Parts[number].WriteHtml(html);
        }
    }

    /// <summary>One file of all parts, with its properties, and the proof of it.</summary>
    private async Task JoinAsync(PdfSource source, PdfJobFolder folder, CancellationToken cancellation)
    {
        var parts = Enumerable.Range(0, source.Parts.Count).Select(number => $"{PdfParts.Name(number)}/out.pdf").ToList();
        await File.WriteAllBytesAsync(folder.File("properties.json"), PdfProperties.UpdateFor(folder.File(parts[0]), source), cancellation);
        // A table of objects that is not packed itself is one that can be read back in few words.
        string[] arguments = [parts[0], "--update-from-json=properties.json", "--object-streams=disable", "--pages", .. parts, "--", "final.pdf"];
        await cage.QpdfAsync(arguments, folder.Path, Deadline(source.Rows), cancellation);
        PdfProof.WholeFile(folder.File("final.pdf"));
        PdfProof.Content(folder.File("final.pdf"), source.Tally, source.Pages, cancellation);
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

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CreditUsage.Platform;
using CreditUsage.Platform.Pdf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CreditUsage.Tests.Support;

/// <summary>
/// An engine for tests of what is done with reports, not of what stands on them: a small PDF with the right number of empty pages. The HTML
/// is written all the same, and its hash is in the file, so that other rows make another file. In script/test exhaustive the real engine stays.
/// </summary>
internal sealed class QuickEngine(IOptions<CreditUsageOptions> options) : IPdfEngine
{
    public const string MadeWith = "quick engine of the tests";

    public static void AddTo(IServiceCollection services)
    {
        if (!Tier.Exhaustive) services.Replace(ServiceDescriptor.Singleton<IPdfEngine, QuickEngine>());
    }

    public async Task<PdfFile> ConvertAsync(PdfSource source, IProgress<int>? unitsDone, CancellationToken cancellation)
    {
        var folder = PdfJobFolder.Create(options.Value.DataFolder);
        try
        {
            var document = Document(source, await LayOutAsync(source, unitsDone, cancellation));
            var path = folder.File("final.pdf");
            await File.WriteAllBytesAsync(path, document, cancellation);
            return new PdfFile(folder, path, document.Length, Convert.ToHexStringLower(SHA256.HashData(document)), source.Pages, MadeWith);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <returns>The hash of the HTML of all parts.</returns>
    private static async Task<string> LayOutAsync(PdfSource source, IProgress<int>? unitsDone, CancellationToken cancellation)
    {
        using var html = new StringWriter(CultureInfo.InvariantCulture);
        var rows = 0;
        foreach (var part in source.Parts)
        {
            cancellation.ThrowIfCancellationRequested();
            await part.WriteHtml(html);
            unitsDone?.Report(rows += part.Units);
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(html.ToString())));
    }

    /// <summary>PDF 1.4: the catalogue, the list of pages, the properties and the pages, and the table that says where each begins.</summary>
    private static byte[] Document(PdfSource source, string html)
    {
        var pages = Enumerable.Range(0, source.Pages).ToList();
        string[] objects =
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            FormattableString.Invariant($"<< /Type /Pages /Count {pages.Count} /Kids [{string.Join(' ', pages.Select(page => $"{page + 4} 0 R"))}] >>"),
            FormattableString.Invariant($"<< /Title {Text(source.Title)} /Subject {Text(source.Subject)} /Author {Text(source.Author)} /Producer {Text(html)} /Keywords ({source.Keywords}) /CreationDate (D:{source.CreatedAt.UtcDateTime:yyyyMMddHHmmss}Z) >>"),
            .. pages.Select(_ => "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>"),
        ];
        var (file, begins) = (new StringBuilder("%PDF-1.4\n"), new List<int>());
        foreach (var (content, number) in objects.Select((content, i) => (content, i + 1)))
        {
            begins.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{number} 0 obj\n{content}\nendobj\n");
        }
        var table = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        foreach (var begin in begins) file.Append(CultureInfo.InvariantCulture, $"{begin:0000000000} 00000 n \n");
        file.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Length + 1} /Root 1 0 R /Info 3 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.ASCII.GetBytes(file.ToString());
    }

    /// <summary>UTF-16 in hexadecimal, which needs no escaping.</summary>
    private static string Text(string text) => $"<FEFF{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text))}>";
}

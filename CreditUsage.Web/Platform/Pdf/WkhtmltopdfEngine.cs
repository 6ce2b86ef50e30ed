using System.Security.Cryptography;
using System.Text;
using CreditUsage.Platform.Hosting;
using CreditUsage.Platform.Storage;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Pdf;

/// <summary>Drives wkhtmltopdf as docs/decisions/0003 says: never through a shell, never with a user's words, never believed.</summary>
public sealed class WkhtmltopdfEngine(PdfSandboxRunner cage, PdfThrottle places, RenderThrottle own, IOptions<CreditUsageOptions> options, ILogger<WkhtmltopdfEngine> log) : IPdfEngine
{
    public async Task<PdfFile> ConvertAsync(PdfSource source, IProgress<int>? rowsDone, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        var madeWith = await cage.MadeWithAsync(cancellation);
        using var admitted = places.Admit(source.Owner);
        var folder = PdfJobFolder.Create(options.Value.DataFolder);
        try
        {
            await MakePartsAsync(source, folder, admitted, rowsDone, cancellation);
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

    /// <summary>Each part is made when it is written. Writing waits for no engine, so that what the parts are read from is let go of.</summary>
    private async Task MakePartsAsync(PdfSource source, PdfJobFolder folder, PdfAdmission admitted, IProgress<int>? rowsDone, CancellationToken cancellation)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var written = source.Parts.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToList();
        var writing = Task.Run(() => WriteHtmlAsync(source, folder, written, failed.Token), CancellationToken.None);
        try
        {
            using var place = await admitted.EnterAsync(cancellation);
            await new PdfParts(source, folder, written.ConvertAll(part => part.Task), cage, places, Deadline(source.Rows)).ConvertAsync(rowsDone, cancellation);
        }
        finally
        {
            await failed.CancelAsync();
            // It reads and writes until it has ended; what it says of that has been told to whoever waited for the part.
            await writing.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task WriteHtmlAsync(PdfSource source, PdfJobFolder folder, List<TaskCompletionSource> written, CancellationToken cancellation)
    {
        for (var number = 0; number < source.Parts.Count; number++)
        {
            try
            {
                cancellation.ThrowIfCancellationRequested();
                var path = Path.Combine(PrivateFolder.Create(PdfParts.Folder(folder, number)), "in.html");
                using (await own.EnterAsync(cancellation))
                await using (var html = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
                    await source.Parts[number].WriteHtml(html);
                written[number].SetResult();
            }
            catch (Exception problem)
            {
                foreach (var part in written.Skip(number)) part.SetException(problem);
                return;
            }
        }
        // All that the rows were read with is free now, and the engine takes long.
        NativeHeap.GiveBack();
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
        using var turn = await own.EnterAsync(cancellation);
        await PdfProof.ContentAsync(folder.File("final.pdf"), source.Tally, source.Pages, cancellation);
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

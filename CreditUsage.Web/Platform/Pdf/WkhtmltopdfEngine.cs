using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using CreditUsage.Platform.Storage;
using CreditUsage.Platform.Telemetry;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Pdf;

/// <summary>Follows docs/decisions/0003: no shell, no user input among the arguments, and no file that has not been checked.</summary>
public sealed class WkhtmltopdfEngine(PdfSandboxRunner runner, PdfThrottle throttle, RenderThrottle rendering, IOptions<CreditUsageOptions> options, ILogger<WkhtmltopdfEngine> log) : IPdfEngine
{
    private const string Properties = "properties.json";
    private const string Joined = "joined.pdf";
    private const string Final = "final.pdf";

    public async Task<PdfFile> ConvertAsync(PdfSource source, IProgress<int>? unitsDone, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        var began = Stopwatch.GetTimestamp();
        var madeWith = await runner.RequireEngineAsync(cancellation);
        using var admission = throttle.Admit(source.QueueKey);
        var folder = PdfJobFolder.Create(options.Value.DataFolder);
        try
        {
            await MakePartsAsync(source, folder, admission, unitsDone, cancellation);
            await JoinAsync(source, folder, cancellation);
            await source.Prove(new FinishedPdf(folder, Final, source.Pages, runner, rendering, Deadline(source.Units)), cancellation);
            var file = Finish(folder, source.Pages, madeWith);
            SiteMetrics.PdfMade(began, source.Pages);
            return file;
        }
        catch (Exception problem)
        {
            folder.Dispose();
            SiteMetrics.PdfFailed(began);
            if (problem is PdfException) log.LogError(problem.InnerException, "No PDF of {Pages} pages was made: {Reason}", source.Pages, problem.Message);
            if (problem is IOException) throw new PdfException("The server's disk is full, so nothing was saved. Use Print, or tell whoever runs the server.", problem);
            throw;
        }
    }

    private TimeSpan Deadline(int units) => options.Value.Pdf.Deadline(units);

    /// <summary>Makes each part as soon as it is written. Writing waits for no engine, so that its source is free early.</summary>
    private async Task MakePartsAsync(PdfSource source, PdfJobFolder folder, PdfAdmission admission, IProgress<int>? unitsDone, CancellationToken cancellation)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var written = source.Parts.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToList();
        var writing = Task.Run(() => WriteHtmlAsync(source, folder, written, failed.Token), CancellationToken.None);
        try
        {
            using var place = await admission.EnterAsync(cancellation);
            await new PdfParts(source, folder, written.ConvertAll(part => part.Task), runner, throttle, Deadline(source.Units)).ConvertAsync(unitsDone, cancellation);
        }
        finally
        {
            await failed.CancelAsync();
            // Writing uses the folder until it has ended.
            await writing;
        }
    }

    /// <summary>Completes each part's task; a failure also fails those of all later parts.</summary>
    private async Task WriteHtmlAsync(PdfSource source, PdfJobFolder folder, List<TaskCompletionSource> written, CancellationToken cancellation)
    {
        for (var number = 0; number < source.Parts.Count; number++)
        {
            try
            {
                cancellation.ThrowIfCancellationRequested();
                var path = Path.Combine(PrivateFolder.Create(PdfParts.Folder(folder, number)), "in.html");
                using (await rendering.EnterAsync(cancellation))
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
    }

    private async Task JoinAsync(PdfSource source, PdfJobFolder folder, CancellationToken cancellation)
    {
        var parts = Enumerable.Range(0, source.Parts.Count).Select(number => $"{PdfParts.Name(number)}/out.pdf").ToList();
        var alone = parts.Count == 1 || source.Bookmarks.Count == 0;
        await UpdateAsync(parts[0], PdfProperties.UpdateFor(folder.File(parts[0]), source, alone ? source.Bookmarks : []), ["--pages", .. parts, "--"], alone ? Final : Joined);
        if (!alone) await AddBookmarksAsync();
        PdfFile.ThrowUnlessWhole(folder.File(Final));

        // The pages of other parts have their numbers only once they are in one file.
        async Task AddBookmarksAsync()
        {
            if (PdfProperties.BookmarksFor(folder.File(Joined), source.Bookmarks) is { } bookmarks) await UpdateAsync(Joined, bookmarks, [], Final);
            else File.Move(folder.File(Joined), folder.File(Final));
        }

        async Task UpdateAsync(string file, byte[] update, IEnumerable<string> pages, string into)
        {
            await File.WriteAllBytesAsync(folder.File(Properties), update, cancellation);
            // Without object streams the file can be read back at a fraction of the cost.
            string[] arguments = [file, $"--update-from-json={Properties}", "--object-streams=disable", .. pages, into];
            await runner.QpdfAsync(arguments, folder.Path, Deadline(source.Units), cancellation);
        }
    }

    private static PdfFile Finish(PdfJobFolder folder, int pages, string madeWith)
    {
        var path = folder.File(Final);
        using var content = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        content.Flush(flushToDisk: true);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        return new PdfFile(folder, path, content.Length, sha256, pages, madeWith);
    }
}

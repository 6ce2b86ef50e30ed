using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CreditUsage.Platform.Pdf;

/// <summary>Makes the parts of one document: one at a time in the document's own place, and more while others are free.</summary>
/// <param name="written">Each completes when the HTML of its part is written.</param>
/// <param name="deadline">For each part as long as for the whole, since parts share the processors.</param>
internal sealed class PdfParts(PdfSource source, PdfJobFolder folder, IReadOnlyList<Task> written, PdfSandboxRunner runner, PdfThrottle throttle, TimeSpan deadline)
{
    private Task? _inOwnPlace;

    public static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"part-{number}");

    public static string Folder(PdfJobFolder folder, int number) => folder.File(Name(number));

    /// <exception cref="PdfException">A part could not be made; the others have been stopped.</exception>
    public async Task ConvertAsync(IProgress<int>? unitsDone, CancellationToken cancellation)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = new Dictionary<Task, int>();
        var (next, units) = (0, 0);
        try
        {
            while (next < source.Parts.Count || running.Count > 0)
            {
                failed.Token.ThrowIfCancellationRequested();
                while (TryStart(next, failed.Token, out var started)) running.Add(started, next++);
                var done = await Task.WhenAny(running.Keys);
                running.Remove(done, out var number);
                await done;
                unitsDone?.Report(units += source.Parts[number].Units);
            }
        }
        catch
        {
            await failed.CancelAsync();
            // Each kills its program before it ends; that it was stopped is not why the document failed.
            await Task.WhenAll(running.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private bool TryStart(int number, CancellationToken cancellation, [NotNullWhen(true)] out Task? started)
    {
        started = null;
        if (number == source.Parts.Count) return false;
        if (_inOwnPlace is null or { IsCompleted: true }) started = _inOwnPlace = ConvertAsync(number, place: null, cancellation);
        else if (throttle.EnterIfFree(source.QueueKey) is { } place) started = ConvertAsync(number, place, cancellation);
        return started is not null;
    }

    private async Task ConvertAsync(int number, IDisposable? place, CancellationToken cancellation)
    {
        using (place)
        {
            await written[number].WaitAsync(cancellation);
            var part = Folder(folder, number);
            await runner.ConvertAsync(part, deadline, cancellation, source.Parts[number].HasImages);
            PdfFile.ThrowUnlessWhole(Path.Combine(part, "out.pdf"));
        }
    }
}

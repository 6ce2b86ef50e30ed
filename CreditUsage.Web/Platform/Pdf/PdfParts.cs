using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CreditUsage.Platform.Pdf;

/// <summary>Makes the parts of one document: one at a time in the place that it has, and more at once while others are free.</summary>
/// <param name="written">Which parts have been written.</param>
/// <param name="deadline">How long the whole may take, and each part of it, since they share the processors with each other.</param>
internal sealed class PdfParts(PdfSource source, PdfJobFolder folder, IReadOnlyList<Task> written, PdfSandboxRunner cage, PdfThrottle places, TimeSpan deadline)
{
    private Task? _inOwnPlace;

    /// <summary>The name of a part's own folder in the document's.</summary>
    public static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"part-{number}");

    public static string Folder(PdfJobFolder folder, int number) => folder.File(Name(number));

    /// <exception cref="PdfException">A part could not be made; the others have been stopped.</exception>
    public async Task ConvertAsync(IProgress<int>? rowsDone, CancellationToken cancellation)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = new Dictionary<Task, int>();
        var (next, rows) = (0, 0);
        try
        {
            while (next < source.Parts.Count || running.Count > 0)
            {
                failed.Token.ThrowIfCancellationRequested();
                while (TryStart(next, failed.Token, out var started)) running.Add(started, next++);
                var done = await Task.WhenAny(running.Keys);
                running.Remove(done, out var number);
                await done;
                rowsDone?.Report(rows += source.Parts[number].Rows);
            }
        }
        catch
        {
            await failed.CancelAsync();
            // Each kills what it runs before it ends; what it says of that is not why the document failed.
            await Task.WhenAll(running.Keys).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }
    }

    private bool TryStart(int number, CancellationToken cancellation, [NotNullWhen(true)] out Task? started)
    {
        started = null;
        if (number == source.Parts.Count) return false;
        if (_inOwnPlace is null or { IsCompleted: true }) started = _inOwnPlace = MakeAsync(number, place: null, cancellation);
        else if (places.EnterIfFree(source.Owner) is { } place) started = MakeAsync(number, place, cancellation);
        return started is not null;
    }

    private async Task MakeAsync(int number, IDisposable? place, CancellationToken cancellation)
    {
        using (place)
        {
            await written[number].WaitAsync(cancellation);
            var own = Folder(folder, number);
            await cage.ConvertAsync(own, deadline, cancellation);
            PdfProof.WholeFile(Path.Combine(own, "out.pdf"));
        }
    }
}

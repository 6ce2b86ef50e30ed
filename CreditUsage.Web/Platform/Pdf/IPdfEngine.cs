namespace CreditUsage.Platform.Pdf;

/// <summary>Makes a PDF of a page set. Behind an interface because the engine is abandoned and will be replaced one day.</summary>
public interface IPdfEngine
{
    /// <summary>Answers a file that has been proved, in a folder of its own that is deleted when it is disposed.</summary>
    /// <param name="source">What is to become a PDF.</param>
    /// <param name="unitsDone">Receives how many units are on paper, as they get there, never fewer than before; null where nobody watches.</param>
    /// <exception cref="PdfException">No PDF was made; nothing is left behind.</exception>
    Task<PdfFile> ConvertAsync(PdfSource source, IProgress<int>? unitsDone, CancellationToken cancellation);
}

/// <summary>What is to become a PDF.</summary>
/// <param name="Title">The document's title.</param>
/// <param name="Subject">What it is about, in one line.</param>
/// <param name="Author">Who had it made.</param>
/// <param name="Creator">The program that its properties name.</param>
/// <param name="CreatedAt">Its creation date.</param>
/// <param name="Parts">At least one. They are written one after another, in order, on another thread, whether or not the engine has begun with the first.</param>
/// <param name="Prove">Reads the finished file and throws a <see cref="PdfException"/> where it is not the document that was asked for.</param>
public sealed record PdfSource(
    string Title, string Subject, string Author, string Creator, DateTimeOffset CreatedAt, IReadOnlyList<PdfPart> Parts, Func<FinishedPdf, CancellationToken, Task> Prove)
{
    /// <summary>Sources of one key share its turns in the queue (<see cref="PdfThrottle"/>).</summary>
    public int QueueKey { get; init; }

    public int Pages => Parts.Sum(part => part.Pages);

    public int Units => Parts.Sum(part => part.Units);
}

/// <summary>Some whole pages of it, which one run of the engine makes.</summary>
/// <param name="Pages">How many pages the HTML lays out.</param>
/// <param name="Units">How much it holds, such as its rows: 500 more allow one second more, and progress counts them.</param>
/// <param name="WriteHtml">Writes the HTML.</param>
public sealed record PdfPart(int Pages, int Units, Func<TextWriter, Task> WriteHtml);

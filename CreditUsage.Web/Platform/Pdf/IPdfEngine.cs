namespace CreditUsage.Platform.Pdf;

/// <summary>An interface because wkhtmltopdf is abandoned and will be replaced one day.</summary>
public interface IPdfEngine
{
    /// <summary>The file has been checked. Disposing it deletes its folder.</summary>
    /// <param name="unitsDone">Receives how many units are on paper, never fewer than before; null where nobody watches.</param>
    /// <exception cref="PdfException">No PDF was made; nothing is left behind.</exception>
    Task<PdfFile> ConvertAsync(PdfSource source, IProgress<int>? unitsDone, CancellationToken cancellation);
}

/// <param name="Parts">At least one. Written one after another on another thread, whether or not the engine has begun with the first.</param>
/// <param name="Prove">Throws a <see cref="PdfException"/> where the finished file is not the document that was requested.</param>
public sealed record PdfSource(
    string Title, string Subject, string Author, string Creator, DateTimeOffset CreatedAt, IReadOnlyList<PdfPart> Parts, Func<FinishedPdf, CancellationToken, Task> Prove)
{
    /// <summary>Sources with one key share its turns in the queue (<see cref="PdfThrottle"/>).</summary>
    public int QueueKey { get; init; }

    public string? Keywords { get; init; }

    /// <summary>In order; left out where the file cannot be given any.</summary>
    public IReadOnlyList<PdfBookmark> Bookmarks { get; init; } = [];

    public int Pages => Parts.Sum(part => part.Pages);

    public int Units => Parts.Sum(part => part.Units);
}

/// <param name="Page">From 1.</param>
public sealed record PdfBookmark(string Title, int Page);

/// <summary>Some whole pages of a document, which one run of the engine makes.</summary>
/// <param name="Units">Such as rows: 500 more allow one second more, and progress counts them.</param>
public sealed record PdfPart(int Pages, int Units, Func<TextWriter, Task> WriteHtml)
{
    /// <summary>Whether its HTML has pictures, as data: addresses.</summary>
    public bool HasImages { get; init; }
}

/// <summary>The message says why no PDF was made and what to do.</summary>
public class PdfException : UserFacingException
{
    public PdfException(string message) : base(message)
    {
    }

    public PdfException(string message, Exception? inner) : base(message, inner)
    {
    }

    /// <param name="inner">For the log only.</param>
    internal static PdfException EngineFailed(string finding, Exception? inner = null) =>
        new($"The PDF engine failed ({finding}), so no PDF was created and nothing was saved. Try again, or use Print.", inner);
}

/// <summary>No PDF can be made at the moment, but it can be tried again.</summary>
public sealed class PdfBusyException(string message) : PdfException(message);

internal sealed class PdfEngineVersionException(string message) : PdfException(message);

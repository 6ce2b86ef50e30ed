namespace CreditUsage.Platform.Pdf;

/// <summary>Makes a PDF of a page set. Behind an interface because the engine is abandoned and will be replaced one day.</summary>
public interface IPdfEngine
{
    /// <summary>A file that has been proved whole, in a folder of its own that goes when it is disposed.</summary>
    /// <param name="source">What is to become a PDF.</param>
    /// <param name="rowsDone">Told how many of its rows are on paper, as they get there; null where nobody watches.</param>
    /// <exception cref="PdfException">In words for the user; nothing is left behind.</exception>
    Task<PdfFile> ConvertAsync(PdfSource source, IProgress<int>? rowsDone, CancellationToken cancellation);
}

/// <summary>What is to become a PDF.</summary>
/// <param name="Title">The document's title.</param>
/// <param name="Subject">What it is about, in one line.</param>
/// <param name="Author">Who had it made.</param>
/// <param name="CreatedAt">Its creation date.</param>
/// <param name="Pages">How many pages the HTML lays out; a PDF with another number is refused.</param>
/// <param name="Rows">How many rows it holds, which decides how long it may take.</param>
/// <param name="WriteHtml">Writes the HTML.</param>
public sealed record PdfSource(
    string Title, string Subject, string Author, DateTimeOffset CreatedAt, int Pages, int Rows, Func<TextWriter, Task> WriteHtml);

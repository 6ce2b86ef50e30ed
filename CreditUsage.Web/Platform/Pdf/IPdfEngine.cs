namespace CreditUsage.Platform.Pdf;

/// <summary>Makes a PDF of a page set. Behind an interface because the engine is abandoned and will be replaced one day.</summary>
public interface IPdfEngine
{
    /// <summary>A file that has been proved whole, in a folder of its own that goes when it is disposed.</summary>
    /// <param name="source">What is to become a PDF.</param>
    /// <param name="rowsDone">Told how many of its rows are on paper, as they get there and never fewer than before; null where nobody watches.</param>
    /// <exception cref="PdfException">In words for the user; nothing is left behind.</exception>
    Task<PdfFile> ConvertAsync(PdfSource source, IProgress<int>? rowsDone, CancellationToken cancellation);
}

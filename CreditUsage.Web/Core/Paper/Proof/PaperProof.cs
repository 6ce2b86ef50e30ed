using CreditUsage.Platform.Pdf;

namespace CreditUsage.Core.Paper.Proof;

/// <summary>Proves a finished file: every row's date and figure and every total must be on its pages as they were laid out (docs/decisions/0013).</summary>
public static class PaperProof
{
    /// <summary>The program named in a file's properties. /verify uses it to tell a saved report from a copy, which can never be verified.</summary>
    public static string Creator(bool saved) => saved ? "CreditUsage" : "CreditUsage, not kept";

    public static Func<FinishedPdf, CancellationToken, Task> Of(PaperTally laidOut) => async (file, cancellation) =>
    {
        if (laidOut.Difference(await CountAsync(file, laidOut, cancellation)) is { } difference) throw PdfException.EngineFailed(difference);
    };

    /// <summary>Falls back to pdftotext for files in another form; that takes about as long as generating the file.</summary>
    private static async Task<PaperTally> CountAsync(FinishedPdf file, PaperTally laidOut, CancellationToken cancellation)
    {
        try
        {
            using var turn = await file.EnterAsync(cancellation);
            return await ObjectReadBack.CountAsync(file.Path, laidOut, file.Pages, cancellation);
        }
        catch (UnknownPdfFormException)
        {
            // pdftotext accepts a damaged file, qpdf does not.
            await file.CheckAsync(cancellation);
            return await WordReadBack.CountAsync(file, laidOut, cancellation);
        }
    }
}

/// <summary>The file may be right, but is not in the form that <see cref="PdfReader"/> reads.</summary>
internal sealed class UnknownPdfFormException(string found) : Exception(found);

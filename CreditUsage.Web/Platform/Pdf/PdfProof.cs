using System.Globalization;

namespace CreditUsage.Platform.Pdf;

/// <summary>What must hold before a file is taken for the PDF that was asked for: exit codes prove nothing (docs/decisions/0003).</summary>
internal static class PdfProof
{
    private const int SmallestBytes = 1024;
    private const int LargestBytes = 256 * 1024 * 1024;

    /// <summary>A plain file of a likely size that begins and ends as a PDF does.</summary>
    /// <exception cref="PdfException">Something does not hold.</exception>
    public static void WholeFile(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.LinkTarget is not null) throw Broken("it wrote no file");
        if (file.Length is < SmallestBytes or > LargestBytes) throw Broken(string.Create(CultureInfo.InvariantCulture, $"its file has {file.Length} bytes"));
        using var content = file.OpenRead();
        if (!Read(content, 0, 8).StartsWith("%PDF-"u8)) throw Broken("its file is not a PDF");
        if (Read(content, file.Length - 1024, 1024).LastIndexOf("%%EOF"u8) < 0) throw Broken("its file ends too soon");
    }

    /// <summary>Reads the whole file back. pdftotext would take two fifths of the engine's time for the same (docs/decisions/0013).</summary>
    /// <exception cref="PdfException">The paper has other pages than were laid out, or does not say what was.</exception>
    public static async Task ContentAsync(string path, PdfTally laidOut, int pages, CancellationToken cancellation)
    {
        if (laidOut.Difference(await PdfReadBack.CountAsync(path, laidOut, pages, cancellation)) is { } difference) throw Broken(difference);
    }

    /// <summary>The sentence for the user; the finding goes to the log with it.</summary>
    /// <param name="finding">What was found, in a few words.</param>
    /// <param name="inner">What the program said, for the log alone.</param>
    public static PdfException Broken(string finding, Exception? inner = null) =>
        new($"The PDF engine failed ({finding}), so no PDF was made and nothing was saved. Try again, or use Print.", inner);

    private static ReadOnlySpan<byte> Read(FileStream content, long from, int count)
    {
        var bytes = new byte[count];
        content.Position = Math.Max(0, from);
        return bytes.AsSpan(0, content.ReadAtLeast(bytes, count, throwOnEndOfStream: false));
    }
}

namespace CreditUsage.Platform.Pdf;

/// <summary>A finished PDF in the folder that it was made in. Take the file before disposing: the folder goes with it.</summary>
public sealed class PdfFile(PdfJobFolder folder, string path, long sizeBytes, string sha256, int pages, string madeWith) : IDisposable
{
    public string Path => path;

    public long SizeBytes => sizeBytes;

    /// <summary>Lower-case hexadecimal.</summary>
    public string Sha256 => sha256;

    public int Pages => pages;

    /// <summary>The engine and the cage that it was made in, such as "wkhtmltopdf 0.12.6, Bubblewrap".</summary>
    public string MadeWith => madeWith;

    public void Dispose() => folder.Dispose();
}

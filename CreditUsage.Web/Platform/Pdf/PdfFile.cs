using System.Globalization;

namespace CreditUsage.Platform.Pdf;

/// <summary>A checked PDF. Move or read it before disposing, which deletes its folder.</summary>
public sealed class PdfFile(PdfJobFolder folder, string path, long sizeBytes, string sha256, int pages, string madeWith) : IDisposable
{
    private const int SmallestBytes = 1024;
    private const int LargestBytes = 256 * 1024 * 1024;

    public string Path => path;

    public long SizeBytes => sizeBytes;

    public string Sha256 => sha256;

    public int Pages => pages;

    /// <summary>Such as "wkhtmltopdf 0.12.6, Bubblewrap".</summary>
    public string MadeWith => madeWith;

    public void Dispose() => folder.Dispose();

    /// <summary>Exit codes prove nothing (docs/decisions/0003): the file must have a likely size, and begin and end as a PDF does.</summary>
    internal static void ThrowUnlessWhole(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.LinkTarget is not null) throw PdfException.EngineFailed("it wrote no file");
        if (file.Length is < SmallestBytes or > LargestBytes) throw PdfException.EngineFailed(string.Create(CultureInfo.InvariantCulture, $"its file has {file.Length} bytes"));
        using var content = file.OpenRead();
        if (!Read(content, 0, 8).StartsWith("%PDF-"u8)) throw PdfException.EngineFailed("its file is not a PDF");
        if (Read(content, file.Length - SmallestBytes, SmallestBytes).LastIndexOf("%%EOF"u8) < 0) throw PdfException.EngineFailed("its file ends too soon");
    }

    private static ReadOnlySpan<byte> Read(FileStream content, long from, int count)
    {
        var bytes = new byte[count];
        content.Position = from;
        return bytes.AsSpan(0, content.ReadAtLeast(bytes, count, throwOnEndOfStream: false));
    }
}

public sealed class FinishedPdf
{
    private const string WordList = "words.xml";

    private readonly PdfJobFolder _folder;
    private readonly string _name;
    private readonly PdfSandboxRunner _runner;
    private readonly RenderThrottle _rendering;
    private readonly TimeSpan _deadline;

    internal FinishedPdf(PdfJobFolder folder, string name, int pages, PdfSandboxRunner runner, RenderThrottle rendering, TimeSpan deadline) =>
        (_folder, _name, Pages, _runner, _rendering, _deadline) = (folder, name, pages, runner, rendering, deadline);

    public string Path => _folder.File(_name);

    public int Pages { get; }

    /// <summary>Waits for a turn to read the file in this process; dispose it before waiting for a program.</summary>
    public Task<IDisposable> EnterAsync(CancellationToken cancellation) => _rendering.EnterAsync(cancellation);

    /// <summary>Checks the structure and every stream with qpdf, which takes about as long as making the file did.</summary>
    /// <exception cref="PdfException">The file is damaged.</exception>
    public Task CheckAsync(CancellationToken cancellation) => _runner.QpdfAsync(["--check", _name], _folder.Path, _deadline, cancellation);

    /// <summary>Lists words and their positions as pdftotext -bbox writes them, some 100 bytes a word.</summary>
    /// <returns>The path of the list, which the next call overwrites.</returns>
    public async Task<string> ListWordsAsync(int firstPage, int lastPage, CancellationToken cancellation)
    {
        File.Delete(_folder.File(WordList));
        await _runner.PdfToTextAsync(["-bbox", "-f", Number(firstPage), "-l", Number(lastPage), _name, WordList], WordList, _folder.Path, _deadline, cancellation);
        return _folder.File(WordList);
    }

    private static string Number(int page) => page.ToString(CultureInfo.InvariantCulture);
}

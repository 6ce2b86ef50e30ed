using CreditUsage.Platform.Storage;

namespace CreditUsage.Platform.Pdf;

/// <summary>The private folder of one conversion. wkhtmltopdf leaves copies of its input behind when it is killed; they go with it.</summary>
public sealed class PdfJobFolder : IDisposable
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(2);

    private PdfJobFolder(string path) => Path = path;

    public string Path { get; }

    public static PdfJobFolder Create(string dataFolder)
    {
        Sweep(dataFolder);
        return new(PrivateFolder.Create(System.IO.Path.Combine(Root(dataFolder), Guid.NewGuid().ToString("N"))));
    }

    /// <summary>Removes what a killed process left, but not what another running one is using.</summary>
    public static void Sweep(string dataFolder)
    {
        if (!Directory.Exists(Root(dataFolder))) return;
        foreach (var folder in new DirectoryInfo(Root(dataFolder)).EnumerateDirectories())
            if (DateTime.UtcNow - folder.CreationTimeUtc > Abandoned)
                folder.Delete(recursive: true);
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }

    private static string Root(string dataFolder) => System.IO.Path.Combine(dataFolder, "pdf-jobs");
}

using System.Globalization;
using CreditUsage.Platform.Storage;

namespace CreditUsage.Platform.Pdf;

/// <summary>The private folder of one conversion. wkhtmltopdf leaves copies of its input in it when it is killed.</summary>
public sealed class PdfJobFolder : IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(2);
    private static readonly string ThisProcess = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{ProcessTree.StartOf(Environment.ProcessId)}");

    private PdfJobFolder(string path) => Path = path;

    public string Path { get; }

    /// <summary>The folder's name holds the process it belongs to. Sweeps the folders of ended ones.</summary>
    public static PdfJobFolder Create(string dataFolder)
    {
        Sweep(dataFolder);
        return new(PrivateFolder.Create(System.IO.Path.Combine(Root(dataFolder), $"{ThisProcess}-{Guid.NewGuid():N}")));
    }

    /// <summary>Removes the folders of killed processes, not those of running ones.</summary>
    public static void Sweep(string dataFolder)
    {
        if (!Directory.Exists(Root(dataFolder))) return;
        foreach (var folder in new DirectoryInfo(Root(dataFolder)).EnumerateDirectories().Where(folder => !IsOwned(folder)))
            Delete(folder.FullName);
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // Another sweep deletes it, or a program still ends in it: the next sweep removes it.
        }
    }

    /// <summary>A later process with the same number does not own the folder.</summary>
    private static bool IsOwned(DirectoryInfo folder)
    {
        if (folder.Name.Split('-') is [var id, var start, _] && int.TryParse(id, CultureInfo.InvariantCulture, out var process)) return ProcessTree.StartOf(process) == start;
        return DateTime.UtcNow - folder.CreationTimeUtc < MaxAge;
    }

    private static string Root(string dataFolder) => System.IO.Path.Combine(dataFolder, "pdf-jobs");
}

namespace CreditUsage.Tests.Support;

/// <summary>The files of a folder that a running site writes to.</summary>
public static class LiveFiles
{
    /// <summary>Each file with its bytes; without those that the site removes before they are read (a journal lasts as long as a transaction).</summary>
    public static IEnumerable<(string Path, byte[] Bytes)> In(string folder, string pattern = "*")
    {
        foreach (var path in Directory.GetFiles(folder, pattern, SearchOption.AllDirectories))
        {
            if (Read(path) is { } bytes) yield return (path, bytes);
        }
    }

    private static byte[]? Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            file.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}

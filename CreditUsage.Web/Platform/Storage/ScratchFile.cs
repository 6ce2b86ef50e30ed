namespace CreditUsage.Platform.Storage;

/// <summary>A file of the data folder that nobody else can open and of which nothing stays.</summary>
public static class ScratchFile
{
    public const string Folder = "scratch";

    /// <summary>To be written, read and disposed.</summary>
    public static FileStream Create(string dataFolder)
    {
        var path = Path.Combine(PrivateFolder.Create(Path.Combine(dataFolder, Folder)), Guid.NewGuid().ToString("N"));
        var scratch = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) scratch.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, scratch);
        // A process that is killed leaves nothing: an open file is there without its name.
        if (!OperatingSystem.IsWindows()) File.Delete(path);
        return file;
    }
}

using System.Runtime.InteropServices;

namespace CreditUsage.Platform.Storage;

/// <summary>The folder that holds everything, and who may look into it.</summary>
public static class DataFolder
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>umask 077: whatever this process and those that it starts make, nobody else reads.</summary>
    public static void KeepOthersOut()
    {
        if (!OperatingSystem.IsWindows()) _ = Umask((uint)Others);
    }

    /// <summary>Creates it, sees that it can be written, and takes from others the files that were made in it before.</summary>
    /// <exception cref="UserFacingException">It cannot be used.</exception>
    public static void Prepare(string path)
    {
        PrivateFolder.Create(path);
        if (ProblemOf(path) is { } problem) throw new UserFacingException(problem);
        if (OperatingSystem.IsWindows()) return;
        foreach (var file in new DirectoryInfo(path).EnumerateFiles().Where(file => file.LinkTarget is null && (file.UnixFileMode & Others) != UnixFileMode.None))
            CloseToOthers(file);
    }

    /// <summary>Why nothing can be written to it, in sentences for whoever runs the server; null where it can.</summary>
    public static string? ProblemOf(string path)
    {
        try
        {
            using var tried = new FileStream(Path.Combine(path, $".written-{Guid.NewGuid():N}"), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose });
            return null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return $"The data folder {path} cannot be written: {problem.Message} Give the site's account the right to, or set CreditUsage__DataPath to another folder.";
        }
    }

    /// <summary>Whether other accounts of the server may look into it; null where nobody may.</summary>
    public static string? OpennessOf(string path) => OperatingSystem.IsWindows() || (new DirectoryInfo(path).UnixFileMode & Others) == UnixFileMode.None ? null
        : "Other accounts of the server may look into the data folder. Close it to them: chmod 700.";

    private static void CloseToOthers(FileInfo file)
    {
        try
        {
            if (!OperatingSystem.IsWindows()) file.UnixFileMode &= ~Others;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // It belongs to somebody else, who decides; or it went meanwhile.
        }
    }

    [DllImport("libc", EntryPoint = "umask"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint Umask(uint mask);
}

namespace CreditUsage.Platform.Storage;

public static class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Mode 0700. Keeps a folder that exists.</summary>
    public static string Create(string path, string setting = "CreditUsage__DataPath")
    {
        try
        {
            return OperatingSystem.IsWindows() ? Directory.CreateDirectory(path).FullName : Directory.CreateDirectory(path, OwnerOnly).FullName;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UserFacingException($"The folder {path} cannot be created: {problem.Message} Set {setting} to a folder that can be written.", problem);
        }
    }
}

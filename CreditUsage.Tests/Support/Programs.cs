using System.Globalization;
using System.Text;

namespace CreditUsage.Tests.Support;

/// <summary>Programs on this machine that make PDFs for a site, told by its data folder.</summary>
public static class Programs
{
    /// <summary>
    /// Those whose command line, folder, environment or mounts (inside a sandbox) name the folder's pdf-jobs. The processes of .NET, which name it as well,
    /// are none of them, and neither are those that are dead and wait to be buried: they have no command line.
    /// </summary>
    public static IReadOnlyList<string> Under(string dataFolder) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Where(id => id != Own).Select(id => (id, Command: Read($"/proc/{id}/cmdline")))
            .Where(program => program.Command.Length > 0 && !program.Command.StartsWith("dotnet", StringComparison.Ordinal) && Names(program.id!, program.Command, Path.Combine(Path.GetFileName(dataFolder), "pdf-jobs")))
            .Select(program => $"{program.id} {program.Command.Replace('\0', ' ')}")];

    private static string Own { get; } = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    private static bool Names(string id, string command, string folder) =>
        command.Contains(folder, StringComparison.Ordinal) || Read($"/proc/{id}/environ").Contains(folder, StringComparison.Ordinal) || FolderOf(id).Contains(folder, StringComparison.Ordinal)
        || Read($"/proc/{id}/mountinfo").Contains(folder, StringComparison.Ordinal);

    private static string FolderOf(string id)
    {
        try
        {
            return new FileInfo($"/proc/{id}/cwd").LinkTarget ?? "";
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string Read(string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(file));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

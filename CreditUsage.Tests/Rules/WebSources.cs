using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Rules;

/// <summary>A source file of CreditUsage.Web.</summary>
/// <param name="Path">From the project's folder, with slashes.</param>
internal sealed record WebSource(string Path, string Text)
{
    /// <summary>As its namespace has it: "Core.Report"; empty for the top of the project.</summary>
    public string Folder => Path.Contains('/', StringComparison.Ordinal) ? Path[..Path.LastIndexOf('/')].Replace('/', '.') : "";
}

/// <summary>The sources that these tests were built from.</summary>
internal static class WebSources
{
    private static readonly string Web = Path.Combine(Repository.Root, "CreditUsage.Web");

    public static IReadOnlyList<WebSource> All { get; } = [.. new[] { "*.cs", "*.cshtml" }
        .SelectMany(pattern => Directory.EnumerateFiles(Web, pattern, SearchOption.AllDirectories))
        .Select(file => (File: file, Path: Path.GetRelativePath(Web, file).Replace('\\', '/')))
        .Where(file => !file.Path.StartsWith("bin/", StringComparison.Ordinal) && !file.Path.StartsWith("obj/", StringComparison.Ordinal))
        .Select(file => new WebSource(file.Path, File.ReadAllText(file.File)))];
}

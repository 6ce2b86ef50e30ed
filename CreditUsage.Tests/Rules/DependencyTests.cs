using System.Text.RegularExpressions;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Rules;

/// <summary>Who may see whom in CreditUsage.Web, by what the sources name: using lines and qualified names.</summary>
public sealed partial class DependencyTests
{
    private static readonly string Web = Path.Combine(Repository.Root, "CreditUsage.Web");

    /// <summary>A folder, and the folders that it may name besides itself. The top of the project (Program, Site) may name all.</summary>
    private static readonly Dictionary<string, string[]> MayName = new()
    {
        ["Domain"] = [],
        ["Data"] = ["Domain"],
        ["Migrations"] = ["Domain", "Data"],
        ["Platform"] = ["Domain", "Data"],
        ["Areas"] = ["Domain", "Data", "Platform", "Features.Shared"],
        ["Features"] = ["Domain", "Data", "Platform", "Features.Shared"],
    };

    [Fact]
    public void No_folder_names_what_it_must_not_know()
    {
        var wrong = Sources().SelectMany(file => Named(file).Where(name => !Allowed(file, name)).Select(name => $"{file} names {name}"));
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_folder_of_sources_has_its_rule()
    {
        var folders = Sources().Select(Folder).Where(folder => folder.Length > 0).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(MayName.Keys.Order(StringComparer.Ordinal), folders);
    }

    [Theory]
    [InlineData("Domain/X.cs", "Data", false)]
    [InlineData("Data/X.cs", "Platform", false)]
    [InlineData("Data/X.cs", "Domain", true)]
    [InlineData("Platform/Pdf/X.cs", "Features.UsageReport", false)]
    [InlineData("Platform/Pdf/X.cs", "Features.Shared", false)]
    [InlineData("Features/Imports/X.cs", "Features.UsageReport", false)]
    [InlineData("Features/Imports/X.cs", "Features.Imports", true)]
    [InlineData("Features/Imports/X.cs", "Features.Shared", true)]
    [InlineData("Features/Shared/X.cs", "Features.Imports", false)]
    [InlineData("Program.cs", "Features.Imports", true)]
    public void The_rule_is_the_one_of_the_style(string file, string name, bool allowed) => Assert.Equal(allowed, Allowed(file, name));

    private static bool Allowed(string file, string name)
    {
        var folder = Folder(file);
        if (folder.Length == 0) return true;
        var own = folder == "Features" && file.Split('/') is [_, var feature, _, ..] ? $"Features.{feature}" : folder;
        return name == own || MayName[folder].Contains(name);
    }

    private static string Folder(string file) => file.Contains('/', StringComparison.Ordinal) ? file[..file.IndexOf('/', StringComparison.Ordinal)] : "";

    /// <summary>Parts of the program that a file names, features one by one.</summary>
    private static IEnumerable<string> Named(string file)
    {
        var text = File.ReadAllText(Path.Combine(Web, file));
        var views = file.EndsWith(".cshtml", StringComparison.Ordinal) ? Views().Matches(text).Select(match => "Features." + match.Groups[1].Value) : [];
        return Names().Matches(text).Select(match => match.Groups[1].Value).Concat(views).Distinct();
    }

    private static IEnumerable<string> Sources() => new[] { "*.cs", "*.cshtml" }
        .SelectMany(pattern => Directory.EnumerateFiles(Web, pattern, SearchOption.AllDirectories))
        .Select(file => Path.GetRelativePath(Web, file).Replace('\\', '/'))
        .Where(file => !file.StartsWith("bin/", StringComparison.Ordinal) && !file.StartsWith("obj/", StringComparison.Ordinal));

    [GeneratedRegex("/Features/(\\w+)/", RegexOptions.None, 1000)]
    private static partial Regex Views();

    [GeneratedRegex(@"\bCreditUsage\.(Features\.\w+|Domain|Data|Platform|Areas)\b", RegexOptions.None, 1000)]
    private static partial Regex Names();
}

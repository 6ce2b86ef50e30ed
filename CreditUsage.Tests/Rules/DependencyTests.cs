using System.Text.RegularExpressions;
using CreditUsage.Data;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Rules;

/// <summary>The floor plan of CreditUsage.Web (docs/architecture.md): which layer sees which, no cycle between folders, entities in Domain, the engine in Data.</summary>
public sealed partial class DependencyTests
{
    private const string Shared = "Features.Shared";

    /// <summary>A layer, and those that it sees besides itself. The top of the project sees all.</summary>
    private static readonly Dictionary<string, string[]> Sees = new()
    {
        ["Domain"] = [],
        ["Data"] = ["Domain"],
        ["Platform"] = ["Domain", "Data"],
        ["Core"] = ["Domain", "Data", "Platform"],
        ["Features"] = ["Domain", "Data", "Platform", "Core"],
        ["Areas"] = ["Domain", "Data", "Platform", "Core"],
    };

    private static readonly Lazy<FolderGraph> Graph = new(FolderGraph.Read);

    [Fact]
    public void No_layer_sees_what_stands_above_it_and_no_feature_another() =>
        AssertNone(Graph.Value.Edges.Where(edge => !Allowed(edge.Key.From, edge.Key.To)).Select(edge => $"{edge.Key.From} -> {edge.Key.To} ({edge.Value})"));

    [Fact]
    public void No_two_folders_see_each_other_by_any_way() => AssertNone(Graph.Value.Cycles());

    [Fact]
    public void Every_layer_has_its_rule() =>
        Assert.Equal(Sees.Keys.Order(StringComparer.Ordinal), WebSources.All.Select(source => Layer(source.Folder)).Where(layer => layer.Length > 0).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void A_source_says_the_namespace_of_its_folder()
    {
        var wrong = WebSources.All.Where(source => source.Path.EndsWith(".cs", StringComparison.Ordinal)).Select(source => (source.Path, source.Folder, Match: Namespace().Match(source.Text)))
            .Where(source => source.Match.Success && source.Match.Groups[1].Value != (source.Folder.Length == 0 ? "CreditUsage" : $"CreditUsage.{source.Folder}")).Select(source => source.Path);
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_entity_is_in_the_domain()
    {
        using var site = new Site();
        using var scope = site.Services.CreateScope();
        var own = scope.ServiceProvider.GetRequiredService<CreditUsageDb>().Model.GetEntityTypes().Select(entity => entity.ClrType).Where(type => type.Assembly == typeof(Composition).Assembly).ToList();
        Assert.NotEmpty(own);
        Assert.Empty(own.Where(type => !type.Namespace!.StartsWith("CreditUsage.Domain", StringComparison.Ordinal)).Select(type => type.FullName));
    }

    [Fact]
    public void Nothing_outside_the_data_layer_names_a_database_engine() =>
        Assert.Empty(WebSources.All.Where(source => Layer(source.Folder) != "Data" && Engine().IsMatch(source.Text)).Select(source => $"{source.Path}: {Engine().Match(source.Text).Value}"));

    /// <summary>What the rules go by: were one of the three ways of seeing blind, this would find nothing.</summary>
    [Theory]
    [InlineData("Features.UsageReport", "Core.Report")]
    [InlineData("Core.Paper", "Core.Report")]
    [InlineData("Features.Shared", "Platform.Pdf")]
    [InlineData("Features.UsageReport", "Features.Shared")]
    public void The_graph_has_what_is_known_to_be_there(string from, string to) => Assert.Contains((from, to), Graph.Value.Edges.Keys);

    [Theory]
    [InlineData("Domain.Usage", "Data", false)]
    [InlineData("Domain.Usage", "Domain.Months", true)]
    [InlineData("Data", "Platform.Pdf", false)]
    [InlineData("Data.Sqlite", "Domain.Usage", true)]
    [InlineData("Platform.Pdf", "Core.Report", false)]
    [InlineData("Platform.Pdf", "Features.Shared", false)]
    [InlineData("Core.Report", "Features.UsageReport", false)]
    [InlineData("Core.Report", "Features.Shared", false)]
    [InlineData("Core.Closing", "Core.Paper", true)]
    [InlineData("Features.Imports", "Features.UsageReport", false)]
    [InlineData("Features.Imports", "Features.Shared", true)]
    [InlineData("Features.Shared", "Features.Imports", false)]
    [InlineData("Areas.Identity.Pages.Account", "Features.Shared", true)]
    [InlineData("Areas.Identity.Pages.Account", "Features.Users", false)]
    [InlineData("Core.Report", "", false)]
    [InlineData("", "Features.Imports", true)]
    public void The_rule_is_the_one_of_the_architecture(string from, string to, bool allowed) => Assert.Equal(allowed, Allowed(from, to));

    /// <summary>Fails with every line, where a list would be cut short.</summary>
    private static void AssertNone(IEnumerable<string> lines)
    {
        var found = lines.Order(StringComparer.Ordinal).ToList();
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    private static bool Allowed(string from, string to)
    {
        if (from.Length == 0) return true;
        var (own, other) = (Layer(from), Layer(to));
        if (other == "Features") return (to == Shared && own is "Features" or "Areas") || (own == "Features" && Feature(from) == Feature(to));
        return own == other || Sees[own].Contains(other);
    }

    private static string Layer(string folder) => folder.Split('.')[0];

    private static string Feature(string folder) => folder.Split('.').ElementAtOrDefault(1) ?? "";

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline, 1000)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"sqlite|SQLitePCL|npgsql|postgres|\bpragma\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Engine();
}

using System.Reflection;
using System.Text.RegularExpressions;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Rules;

/// <summary>docs/asvs.md names tests that are there, and counts its own rows.</summary>
public sealed partial class AsvsTests
{
    private static readonly string[] States = ["met", "not applicable", "reasoned deviation", "not met"];

    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "asvs.md"));

    private static readonly ILookup<string, Type> Classes = typeof(AsvsTests).Assembly.GetTypes().ToLookup(type => type.Name);

    [Fact]
    public void Every_test_that_is_named_is_there()
    {
        var named = Named().Matches(Text).Select(match => (Class: match.Groups[1].Value, Method: match.Groups[2].Value)).Distinct().ToList();
        Assert.True(named.Count > 100, $"Only {named.Count} tests were found.");
        Assert.All(named, test => Assert.Contains(Classes[test.Class], type => test.Method.Length == 0 ? Tests(type).Any() : Tests(type).Contains(test.Method)));
    }

    /// <summary>The standard has 70 of level 1 and 183 of level 2.</summary>
    [Theory]
    [InlineData("1", 70)]
    [InlineData("2", 183)]
    public void The_counts_are_those_of_the_table(string level, int items)
    {
        var counted = Rows().Where(row => row.Level == level).SelectMany(row => row.Items, (row, _) => row.State).CountBy(state => state).ToDictionary();
        Assert.Equal(items, counted.Values.Sum());
        var said = Counts().Matches(Text).Single(match => match.Groups[1].Value == level).Groups[2].Value.Replace("deviations", "deviation", StringComparison.Ordinal);
        Assert.Equal(string.Join(", ", States.Select(state => $"{counted.GetValueOrDefault(state)} {state}")), said);
    }

    [Fact]
    public void Every_item_stands_once_and_none_of_level_1_is_left_open()
    {
        var items = Rows().SelectMany(row => row.Items).ToList();
        Assert.Equal(items.Count, items.Distinct().Count());
        Assert.Empty(Rows().Where(row => row.Level == "1" && row.State == "not met").Select(row => string.Join(", ", row.Items)));
    }

    /// <summary>A row that says nothing of these has no state, and is missing from the counts.</summary>
    private static IEnumerable<(string[] Items, string Level, string State)> Rows() => Row().Matches(Text)
        .Select(match => (match.Groups[1].Value.Split(", "), match.Groups[2].Value, match.Groups[3].Value.ToLowerInvariant().Replace("a reasoned", "reasoned", StringComparison.Ordinal)));

    private static IEnumerable<string> Tests(Type type) => type.GetMethods().Where(method => method.GetCustomAttributes<FactAttribute>().Any()).Select(method => method.Name);

    [GeneratedRegex(@"`(\w+Tests)(?:\.(\w+))?`", RegexOptions.None, 1000)]
    private static partial Regex Named();

    [GeneratedRegex(@"^\| level (\d) \| (.*) \|$", RegexOptions.Multiline, 1000)]
    private static partial Regex Counts();

    [GeneratedRegex(@"^\| ([\d., ]+) \| (\d) \| [^|]+ \| (Met|Not applicable|A reasoned deviation|Not met)[.:] ", RegexOptions.Multiline, 1000)]
    private static partial Regex Row();
}

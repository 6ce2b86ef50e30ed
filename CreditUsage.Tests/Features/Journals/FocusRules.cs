using System.Globalization;
using System.Text;
using System.Text.Json;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Features.Journals;

/// <summary>The rules of FOCUS 1.2 as the public validator's own file has them, read from beside the repository and applied to a CSV of cost rows.</summary>
internal sealed class FocusRules
{
    private readonly Dictionary<string, FocusRule> _rules;

    public FocusRules()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(SharedData.PathOf("focus-1.2-rules.json")));
        _rules = file.RootElement.GetProperty("ModelRules").EnumerateObject().ToDictionary(rule => rule.Name, rule => FocusRule.Of(rule.Name, rule.Value.Clone()));
        foreach (var rule in _rules.Values)
            foreach (var child in rule.Children) _rules[child].Parents.Add(rule);
    }

    /// <summary>Every column that FOCUS knows.</summary>
    public IReadOnlySet<string> Columns => _rules.Values.Where(rule => rule.EntityType == "Column").Select(rule => rule.Reference).ToHashSet();

    /// <summary>What must or must not be, one by one: a rule that is made of others is in those.</summary>
    public IEnumerable<FocusRule> Musts => _rules.Values.Where(rule => rule.Keyword is "MUST" or "MUST NOT" && rule.Function != "Composite");

    /// <summary>Whether a rule and each that it is a part of hold for a row: by what is supported, the columns that there are, and their conditions.</summary>
    public static bool Applies(FocusRule rule, FocusRow row, IReadOnlySet<string> supported) =>
        rule.Criteria.All(supported.Contains) && (rule.EntityType != "Column" || row.Has(rule.Reference)) && (rule.Condition is not { } condition || Holds(condition, row))
        && (rule.Parents.Count == 0 || rule.Parents.Any(parent => Applies(parent, row, supported)));

    /// <summary>One of the validator's checks; nulls are for the rules about nulls.</summary>
    public static bool Holds(JsonElement check, FocusRow row)
    {
        var column = Text(check, "ColumnName") ?? Text(check, "CheckCondition") ?? "";
        var value = row[column];
        return Text(check, "CheckFunction") switch
        {
            "AND" => check.GetProperty("Items").EnumerateArray().All(item => Holds(item, row)),
            "OR" => check.GetProperty("Items").EnumerateArray().Any(item => Holds(item, row)),
            "ColumnPresent" => row.Has(column),
            "CheckValue" => Same(value, Text(check, "Value")),
            "CheckNotValue" => !Same(value, Text(check, "Value")),
            "CheckSameValue" => row[Text(check, "ColumnAName")!] == row[Text(check, "ColumnBName")!],
            "CheckNotSameValue" => row[Text(check, "ColumnAName")!] != row[Text(check, "ColumnBName")!],
            "CheckGreaterOrEqualThanValue" => value is null || Number(value) >= Number(Text(check, "Value")!),
            "ColumnByColumnEqualsColumnValue" => Number(row[Text(check, "ColumnAName")!]!) * Number(row[Text(check, "ColumnBName")!]!) == Number(row[Text(check, "ResultColumnName")!]!),
            "TypeDecimal" or "FormatNumeric" or "CheckDecimalValue" => value is null || IsNumber(value),
            "TypeString" or "FormatString" => value is null || IsUnicode(value),
            "TypeDateTime" or "FormatDateTime" => value is null || IsInstant(value),
            "FormatCurrency" or "CheckNationalCurrency" => value is "GBP",
            "CheckDistinctCount" => row.Distinct(Text(check, "ColumnAName")!, Text(check, "ColumnBName")!) == (int)Number(Text(check, "ExpectedCount")!),
            var unknown => throw new NotSupportedException($"The rules' check {unknown} is not known to this test."),
        };
    }

    /// <summary>No sign but a minus, no exponent, one point at most.</summary>
    public static bool IsNumber(string text) => text.Length > 0 && text[0] != '+' && char.IsAsciiDigit(text[^1])
        && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);

    public static bool IsInstant(string text) => DateTime.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    public static bool IsUnicode(string text) => !text.Contains('\uFFFD', StringComparison.Ordinal) && text.EnumerateRunes().All(rune => rune != Rune.ReplacementChar);

    public static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static bool Same(string? value, string? wanted) => value == wanted || (value is not null && wanted is not null && IsNumber(value) && IsNumber(wanted) && Number(value) == Number(wanted));

    private static string? Text(JsonElement check, string name) => check.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null ? found.ToString() : null;
}

/// <param name="Requirement">Null where the validator has no check for what the sentence asks.</param>
internal sealed record FocusRule(
    string Id, string Function, string EntityType, string Reference, string Keyword, string Sentence, IReadOnlyList<string> Criteria, JsonElement? Requirement, JsonElement? Condition, IReadOnlyList<string> Children)
{
    public List<FocusRule> Parents { get; } = [];

    public static FocusRule Of(string id, JsonElement rule)
    {
        var validation = rule.GetProperty("ValidationCriteria");
        var (requirement, condition) = (validation.GetProperty(nameof(Requirement)), validation.GetProperty(nameof(Condition)));
        return new(
            id, Text(rule, "Function"), Text(rule, "EntityType"), Text(rule, "Reference"), Text(validation, "Keyword"), Text(validation, "MustSatisfy"),
            [.. rule.GetProperty("ApplicabilityCriteria").EnumerateArray().Select(criterion => criterion.GetString()!)],
            HasCheck(requirement) ? requirement : null, HasCheck(condition) ? condition : null, [.. RuleIds(requirement)]);
    }

    private static IEnumerable<string> RuleIds(JsonElement check) => check.ValueKind switch
    {
        JsonValueKind.Object when check.TryGetProperty("ModelRuleId", out var id) => [id.GetString()!],
        JsonValueKind.Object => check.EnumerateObject().SelectMany(member => RuleIds(member.Value)),
        JsonValueKind.Array => check.EnumerateArray().SelectMany(item => RuleIds(item)),
        _ => [],
    };

    private static bool HasCheck(JsonElement check) => check.ValueKind == JsonValueKind.Object && check.TryGetProperty("CheckFunction", out var function) && function.ValueKind == JsonValueKind.String;

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}

/// <summary>A row by its columns; an empty field is a null, as a CSV has it.</summary>
internal sealed record FocusRow(IReadOnlyDictionary<string, string> Fields, IReadOnlyList<Dictionary<string, string>> All)
{
    public string? this[string column] => Fields.TryGetValue(column, out var value) && value.Length > 0 ? value : null;

    public bool Has(string column) => Fields.ContainsKey(column);

    /// <summary>How many values of one column go with this row's value of another.</summary>
    public int Distinct(string of, string counted) => All.Where(row => row[of] == Fields[of]).Select(row => row[counted]).Distinct().Count();
}

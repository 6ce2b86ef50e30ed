namespace CreditUsage.Core.Lists;

/// <summary>A column of a list that comes in by file.</summary>
/// <param name="Name">As the template has it.</param>
/// <param name="Label">As pages call it.</param>
public sealed record ListColumn(string Name, string Label, ListValues Values = ListValues.Text)
{
    /// <summary>Whether a file can do without it.</summary>
    public bool Optional { get; init; }

    /// <summary>The name of another column that can stand in its place; null for none.</summary>
    public string? Or { get; init; }

    public string? Hint { get; init; }

    /// <summary>What else files call it, in small letters and digits alone.</summary>
    public IReadOnlyList<string> AlsoCalled { get; init; } = [];
}

/// <summary>How the values of a column are to be read.</summary>
public enum ListValues
{
    Text,
    Day,
    Number,
}

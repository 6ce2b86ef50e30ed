namespace CreditUsage.Core.Report;

/// <summary>Which columns are shown, and in which order. The date stays first and the cost last: by them a row is told, and read back from paper.</summary>
/// <param name="Text">Their names in order: "date,staff,cost"; null for all in the report's own order.</param>
public readonly record struct UsageColumns(string? Text)
{
    private static readonly UsageColumn[] Own = Enum.GetValues<UsageColumn>();

    /// <summary>All, in the report's own order.</summary>
    public static UsageColumns All => default;

    public bool AreAll => Text is null;

    public IReadOnlyList<UsageColumn> Shown => Text is null ? Own : [.. Text.Split(',').Select(ColumnOf)];

    /// <summary>Reads names in order, wherever date and cost stand among them.</summary>
    public static bool TryParse(IReadOnlyCollection<string> names, out UsageColumns columns)
    {
        ArgumentNullException.ThrowIfNull(names);
        columns = All;
        if (names.Any(name => !UsageSort.TryParse(name, out var key) || key.ToString() != name || key.Descending)) return false;
        var shown = names.Select(ColumnOf).ToList();
        if (shown.Distinct().Count() < shown.Count) return false;
        shown.RemoveAll(column => column is UsageColumn.Date or UsageColumn.Cost);
        shown = [UsageColumn.Date, .. shown, UsageColumn.Cost];
        if (names.Count > 0 && !shown.SequenceEqual(Own)) columns = new(string.Join(',', shown.Select(UsageSort.NameOf)));
        return true;
    }

    /// <summary>Whether a column has figures, which stand on the right.</summary>
    public static bool HasFigures(UsageColumn column) => column is UsageColumn.Duration or UsageColumn.Credits or UsageColumn.Cost;

    private static UsageColumn ColumnOf(string name) => Own.First(column => UsageSort.NameOf(column) == name);
}

namespace CreditUsage.Core.Report;

/// <summary>Which columns are shown, and in which order. The date stays first and the cost last: by them a row is told, and read back from paper.</summary>
/// <param name="Text">Their names in order: "date,staff,cost"; null for all in the report's own order.</param>
public readonly record struct UsageColumns(string? Text)
{
    private static readonly UsageColumn[] Own = Enum.GetValues<UsageColumn>();
    private static readonly string[] Headings = ["Date (GMT)", "Kind", "Staff member", "Client", "Program", "Duration", "Credits", "Cost (GBP)"];

    /// <summary>All, in the report's own order.</summary>
    public static UsageColumns All => default;

    public bool AreAll => Text is null;

    public IReadOnlyList<UsageColumn> Visible => Text is null ? Own : [.. Text.Split(',').Select(ColumnOf)];

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

    /// <summary>What stands above a column.</summary>
    public static string HeadingOf(UsageColumn column) => Headings[(int)column];

    /// <summary>Whether a column has figures, which stand on the right.</summary>
    public static bool HasFigures(UsageColumn column) => column is UsageColumn.Duration or UsageColumn.Credits or UsageColumn.Cost;

    private static UsageColumn ColumnOf(string name) => Own.First(column => UsageSort.NameOf(column) == name);
}

/// <summary>The columns of the report, in order. Their lower-case names stand in URLs and in data-column.</summary>
public enum UsageColumn
{
    Date,
    Kind,
    Staff,
    Client,
    Program,
    Duration,
    Credits,
    Cost,
}

/// <summary>
/// The order of the rows: by a column and, where rows are equal in it, by further ones. Rows that are equal in all stay in the order of date, time
/// and event id; the latest first (-date alone) turns that whole order round.
/// </summary>
public readonly record struct UsageSort(UsageColumn Column, bool Descending)
{
    private const int MaxKeys = 3;

    /// <summary>The order of the report: date, then time, then event id.</summary>
    public static UsageSort Default => new(UsageColumn.Date, Descending: false);

    /// <summary>The further columns as text: "staff,-cost"; null where there are none.</summary>
    public string? Then { get; private init; }

    /// <summary>The columns in turn, the first one first.</summary>
    public IEnumerable<UsageSort> Keys => Then is null ? [this] : Then.Split(',').Select(KeyOf).Prepend(this with { Then = null });

    /// <summary>Reads "cost", "-cost", which descends, and "staff,-cost": at most three, each column once.</summary>
    public static bool TryParse(string? text, out UsageSort sort)
    {
        sort = Default;
        var words = text?.Split(',') ?? [];
        var columns = words.Select(word => Array.IndexOf(Names, word.StartsWith('-') ? word[1..] : word)).ToList();
        if (columns.Count is 0 or > MaxKeys || columns.Contains(-1) || columns.Distinct().Count() < columns.Count) return false;
        sort = KeyOf(words[0]) with { Then = words.Length == 1 ? null : string.Join(',', words.Skip(1)) };
        return true;
    }

    /// <summary>The order that a column's heading asks for: by it, or the other way round when that is in force.</summary>
    public UsageSort NextBy(UsageColumn column) => new(column, Descending: this == new UsageSort(column, Descending: false));

    /// <summary>"cost", "-cost" or "staff,-cost".</summary>
    public override string ToString() => (Descending ? "-" : "") + NameOf(Column) + (Then is null ? "" : $",{Then}");

    public static string NameOf(UsageColumn column) => Names[(int)column];

    private static UsageSort KeyOf(string word) => word.StartsWith('-')
        ? new((UsageColumn)Array.IndexOf(Names, word[1..]), Descending: true)
        : new((UsageColumn)Array.IndexOf(Names, word), Descending: false);

    private static readonly string[] Names = ["date", "kind", "staff", "client", "program", "duration", "credits", "cost"];
}

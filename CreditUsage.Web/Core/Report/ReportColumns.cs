namespace CreditUsage.Core.Report;

/// <summary>The visible columns in order. Date stays first and cost last: rows are identified by them when they are read back from paper.</summary>
/// <param name="Text">Names in order: "date,staff,cost"; null for all in the report's own order.</param>
public readonly record struct UsageColumns(string? Text)
{
    private static readonly UsageColumn[] Own = Enum.GetValues<UsageColumn>();
    private static readonly string[] Headings = ["Date (GMT)", "Kind", "Staff member", "Client", "Program", "Duration", "Credits", "Cost (GBP)"];

    public static UsageColumns All => default;

    public bool AreAll => Text is null;

    public IReadOnlyList<UsageColumn> Visible => Text is null ? Own : [.. Text.Split(',').Select(ColumnOf)];

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

    public static string HeadingOf(UsageColumn column) => Headings[(int)column];

    public static bool HasFigures(UsageColumn column) => column is UsageColumn.Duration or UsageColumn.Credits or UsageColumn.Cost;

    private static UsageColumn ColumnOf(string name) => Own.First(column => UsageSort.NameOf(column) == name);
}

/// <summary>In order. The lower-case names are values in URLs and in data-column.</summary>
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

/// <summary>Sorts rows by up to three columns. Equal rows stay in the order of date, time and event id; descending by date alone reverses that whole order.</summary>
public readonly record struct UsageSort(UsageColumn Column, bool Descending)
{
    private const int MaxKeys = 3;

    public static UsageSort Default => new(UsageColumn.Date, Descending: false);

    /// <summary>The further columns: "staff,-cost"; null where there are none.</summary>
    public string? Then { get; private init; }

    public IEnumerable<UsageSort> Keys => Then is null ? [this] : Then.Split(',').Select(KeyOf).Prepend(this with { Then = null });

    /// <summary>Reads "cost", "-cost" (descending) or "staff,-cost": at most three, each column once.</summary>
    public static bool TryParse(string? text, out UsageSort sort)
    {
        sort = Default;
        var words = text?.Split(',') ?? [];
        var columns = words.Select(word => Array.IndexOf(Names, word.StartsWith('-') ? word[1..] : word)).ToList();
        if (columns.Count is 0 or > MaxKeys || columns.Contains(-1) || columns.Distinct().Count() < columns.Count) return false;
        sort = KeyOf(words[0]) with { Then = words.Length == 1 ? null : string.Join(',', words.Skip(1)) };
        return true;
    }

    /// <summary>The order that a click on a column's heading requests: by it, or reversed where it is in force.</summary>
    public UsageSort NextBy(UsageColumn column) => new(column, Descending: this == new UsageSort(column, Descending: false));

    public override string ToString() => (Descending ? "-" : "") + NameOf(Column) + (Then is null ? "" : $",{Then}");

    public static string NameOf(UsageColumn column) => Names[(int)column];

    private static UsageSort KeyOf(string word) => word.StartsWith('-')
        ? new((UsageColumn)Array.IndexOf(Names, word[1..]), Descending: true)
        : new((UsageColumn)Array.IndexOf(Names, word), Descending: false);

    private static readonly string[] Names = ["date", "kind", "staff", "client", "program", "duration", "credits", "cost"];
}

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

    /// <summary>All but date and cost, in order: those that are visible, then the others.</summary>
    public IEnumerable<(UsageColumn Column, bool Visible)> Choices => Visible.Select(column => (column, true)).Concat(Own.Except(Visible).Select(column => (column, false)))
        .Where(choice => choice.Item1 is not (UsageColumn.Date or UsageColumn.Cost));

    /// <summary>With a column one place up or down; as it is where it is the first or last that can be, or not visible.</summary>
    public UsageColumns Moved(string name, int places)
    {
        var names = Visible.Select(UsageSort.NameOf).ToList();
        var (from, to) = (names.IndexOf(name), names.IndexOf(name) + places);
        if (from < 1 || from > names.Count - 2 || to < 1 || to > names.Count - 2) return this;
        (names[from], names[to]) = (names[to], names[from]);
        return TryParse(names, out var moved) ? moved : this;
    }

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

    /// <summary>The order that a click on a column's heading requests: by it alone, turned round where it is in force.</summary>
    public UsageSort NextBy(UsageColumn column) => new(column, Descending: Column == column && !Descending);

    /// <summary>The order that a click with Shift requests: by it after the others, turned round where it is among them. The last of three gives way.</summary>
    public UsageSort ThenBy(UsageColumn column)
    {
        var keys = Keys.ToList();
        var place = keys.FindIndex(key => key.Column == column);
        if (place < 0) keys = [.. keys.Take(MaxKeys - 1), new(column, Descending: false)];
        else keys[place] = keys[place] with { Descending = !keys[place].Descending };
        return keys[0] with { Then = keys.Count == 1 ? null : string.Join(',', keys.Skip(1)) };
    }

    public override string ToString() => (Descending ? "-" : "") + NameOf(Column) + (Then is null ? "" : $",{Then}");

    public static string NameOf(UsageColumn column) => Names[(int)column];

    private static UsageSort KeyOf(string word) => word.StartsWith('-')
        ? new((UsageColumn)Array.IndexOf(Names, word[1..]), Descending: true)
        : new((UsageColumn)Array.IndexOf(Names, word), Descending: false);

    private static readonly string[] Names = ["date", "kind", "staff", "client", "program", "duration", "credits", "cost"];
}

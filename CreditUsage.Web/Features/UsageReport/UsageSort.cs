namespace CreditUsage.Features.UsageReport;

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

/// <summary>The order of the rows. Rows that are equal in it stay in the order of date, time and event id; the latest first (-date) turns that whole order round.</summary>
public readonly record struct UsageSort(UsageColumn Column, bool Descending)
{
    /// <summary>The order of the report: date, then time, then event id.</summary>
    public static UsageSort Default => new(UsageColumn.Date, Descending: false);

    /// <summary>Reads "cost" and "-cost", which descends.</summary>
    public static bool TryParse(string? text, out UsageSort sort)
    {
        var descending = text?.StartsWith('-') ?? false;
        var name = descending ? text![1..] : text;
        var column = Array.IndexOf(Names, name);
        sort = new UsageSort((UsageColumn)column, descending);
        return column >= 0;
    }

    /// <summary>"cost" or "-cost".</summary>
    public override string ToString() => (Descending ? "-" : "") + NameOf(Column);

    public static string NameOf(UsageColumn column) => Names[(int)column];

    private static readonly string[] Names = ["date", "kind", "staff", "client", "program", "duration", "credits", "cost"];
}

namespace CreditUsage.Core.Report;

/// <summary>One group of a report's rows; each row is in exactly one.</summary>
/// <param name="Key">The same in every month: a day, a person's own id (a client's code in an accountant's copy), a program's row, or a device's ten digits; empty for the rest.</param>
/// <param name="Rest">Rows without a value in the grouping column; the last group.</param>
public sealed record UsageGroup(int Number, string Key, string Title, bool Rest, UsageTotal Total, ReportFilter Filter);

public enum UsageGroupBy
{
    Day,
    Week,
    Staff,
    Client,
    Program,
    Device,
    Kind,
}

public static class UsageGroupLabels
{
    public static IReadOnlyList<UsageGroupBy> All { get; } = Enum.GetValues<UsageGroupBy>();

    public static string Word(this UsageGroupBy by) => by.ToString().ToLowerInvariant();

    public static UsageGroupBy? Of(string? word) => All.Where(by => by.Word() == word).Select(by => (UsageGroupBy?)by).FirstOrDefault();

    public static string Label(this UsageGroupBy by) => by == UsageGroupBy.Staff ? "Staff member" : by.ToString();

    /// <summary>The column whose order is that of the groups' titles.</summary>
    public static UsageColumn Column(this UsageGroupBy by) => by switch
    {
        UsageGroupBy.Staff => UsageColumn.Staff,
        UsageGroupBy.Client => UsageColumn.Client,
        UsageGroupBy.Program => UsageColumn.Program,
        UsageGroupBy.Kind => UsageColumn.Kind,
        _ => UsageColumn.Date,
    };
}

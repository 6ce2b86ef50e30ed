namespace CreditUsage.Core.Report;

/// <summary>One group of a report's rows; each row is in exactly one.</summary>
/// <param name="Number">Its place, from 0.</param>
/// <param name="Key">The same in every month: a day, a person's own id, a program's name, or a device's ten digits; empty for the rest.</param>
/// <param name="Title">The most recent name, or the label for the rest.</param>
/// <param name="Rest">Rows without a value in the grouping column; the last group.</param>
/// <param name="Filter">The report of this group alone.</param>
public sealed record UsageGroup(int Number, string Key, string Title, bool Rest, UsageTotal Total, ReportFilter Filter);

/// <summary>The lower-case names are values in URLs.</summary>
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

    /// <summary>The value of groupBy=.</summary>
    public static string Word(this UsageGroupBy by) => by.ToString().ToLowerInvariant();

    public static UsageGroupBy? Of(string? word) => All.Where(by => by.Word() == word).Select(by => (UsageGroupBy?)by).FirstOrDefault();

    public static string Label(this UsageGroupBy by) => by == UsageGroupBy.Staff ? "Staff member" : by.ToString();
}

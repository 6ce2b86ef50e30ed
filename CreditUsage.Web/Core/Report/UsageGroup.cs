namespace CreditUsage.Core.Report;

/// <summary>One of the groups that a report's rows are put into; each row is in exactly one.</summary>
/// <param name="Number">Its place among them, from 0.</param>
/// <param name="Key">What tells it from the others in any month: a day, a person's own id, a program's name, ten digits; empty for what has none.</param>
/// <param name="Title">The name as it was recorded last, or what stands for nobody.</param>
/// <param name="Rest">What has none of that which the rows are grouped by; the last group.</param>
/// <param name="Filter">The report of this group alone.</param>
public sealed record UsageGroup(int Number, string Key, string Title, bool Rest, UsageTotal Total, ReportFilter Filter);

/// <summary>What the rows of a report are put together by. The lower-case names stand in URLs.</summary>
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

/// <summary>How groups are spoken of.</summary>
public static class UsageGroupLabels
{
    public static IReadOnlyList<UsageGroupBy> All { get; } = Enum.GetValues<UsageGroupBy>();

    /// <summary>The value of groupBy=.</summary>
    public static string Word(this UsageGroupBy by) => by.ToString().ToLowerInvariant();

    /// <summary>Null where there is no such word.</summary>
    public static UsageGroupBy? Of(string? word) => All.Where(by => by.Word() == word).Select(by => (UsageGroupBy?)by).FirstOrDefault();

    /// <summary>"Staff member".</summary>
    public static string Label(this UsageGroupBy by) => by == UsageGroupBy.Staff ? "Staff member" : by.ToString();
}

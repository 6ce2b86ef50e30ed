using CreditUsage.Features.Savings;

namespace CreditUsage.Core.Report;

/// <summary>How groups are spoken of.</summary>
public static class UsageGroupWords
{
    public static IReadOnlyList<UsageGroupBy> All { get; } = Enum.GetValues<UsageGroupBy>();

    /// <summary>The value of groupBy=.</summary>
    public static string Word(this UsageGroupBy by) => by.ToString().ToLowerInvariant();

    /// <summary>Null where there is no such word.</summary>
    public static UsageGroupBy? Of(string? word) => All.Where(by => by.Word() == word).Select(by => (UsageGroupBy?)by).FirstOrDefault();

    /// <summary>"Staff member".</summary>
    public static string Label(this UsageGroupBy by) => by == UsageGroupBy.Staff ? "Staff member" : by.ToString();
}

using CreditUsage.Core;
using CreditUsage.Core.Report;

namespace CreditUsage.Features.UsageReport;

/// <summary>What the results region shows: a report with some of its rows, what was wrong, or nothing yet.</summary>
public sealed record UsageResults(CreditUsageReport? Report, UsagePage? Page, UsagePosition Position, IReadOnlyList<Problem> Faults)
{
    private const string PageName = "Credit Usage Report";

    /// <summary>What the report can be narrowed to; null without a report.</summary>
    public UsageChoices? Choices { get; init; }

    /// <summary>The saved views that can be chosen.</summary>
    public IReadOnlyList<ViewShown> Views { get; init; } = [];

    /// <summary>What the form brings to the first query from the default view, beside its own fields.</summary>
    public IReadOnlyList<(string Name, string Value)> Begins { get; init; } = [];

    public static UsageResults None { get; } = new(null, null, new UsagePosition(1, null), []);

    /// <summary>The page's title with these results on it, without the site's name.</summary>
    public string Title => (Faults.Count, Report) switch
    {
        ( > 0, _) => $"Error: {PageName}",
        (_, { } report) => $"{PageName} - {report.Filter.Month.Name}",
        _ => PageName,
    };
}

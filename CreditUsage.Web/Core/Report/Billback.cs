namespace CreditUsage.Core.Report;

/// <summary>Who can be billed for a month: the values of by=.</summary>
public static class BillbackLabels
{
    public static IReadOnlyList<UsageGroupBy> All { get; } = [UsageGroupBy.Staff, UsageGroupBy.Client, UsageGroupBy.Program];

    public static UsageGroupBy? Of(string? word) => UsageGroupLabels.Of(word) is { } by && All.Contains(by) ? by : null;

    public static string Rule(this UsageGroupBy by) => by switch
    {
        UsageGroupBy.Client => "Shared cards belong to no client, so their cost has a line of its own.",
        UsageGroupBy.Staff => "Each event is billed to the staff member who started it or set it up.",
        _ => "Each event is billed to its program.",
    };
}

/// <summary>Shares a month out among those who are billed. Holds the month's rows in memory, since a group's rows are all over it.</summary>
public sealed class BillbackQuery(ReportQuery query)
{
    /// <summary>The report and its groups by title, nobody's last; every row is in exactly one. The snapshot has ended.</summary>
    /// <param name="filter">Valid and without groups.</param>
    /// <param name="by">One of <see cref="BillbackLabels.All"/>.</param>
    public async Task<BillbackReport> RunAsync(ReportFilter filter, UsageGroupBy by, CancellationToken cancellation)
    {
        var report = await query.OpenAsync(filter, cancellation);
        var groups = await report.GroupsByAsync(by, cancellation);
        var rows = await report.RowsAsync(cancellation).ToListAsync(cancellation);
        await report.EndAsync();
        var billed = rows.GroupBy(groups.Of).Select(own => (own.Key, Name: NameOf(own.Last(), by, own.Key), Rows: own.ToList())).ToList();
        var namesakes = Namesakes.Of(filter, billed.Select(one => one.Name));
        return new BillbackReport(report, by, [.. billed.OrderBy(one => IsNobody(one.Key, by)).ThenBy(one => one.Name, StringComparer.InvariantCulture)
            .Select(one => new BillbackGroup(namesakes.Title(one.Name, one.Key.Key), IsNobody(one.Key, by), one.Key.Total, one.Rows))]);
    }

    /// <summary>Hidden programs are one group, but not nobody's.</summary>
    private static bool IsNobody(UsageGroup group, UsageGroupBy by) => group.Rest && by == UsageGroupBy.Client;

    /// <summary>The name in the month's last row, since people are renamed.</summary>
    private static string NameOf(UsageRow last, UsageGroupBy by, UsageGroup group) =>
        IsNobody(group, by) ? group.Title : by switch { UsageGroupBy.Staff => last.Staff, UsageGroupBy.Client => last.ClientOrCard, _ => last.Program };
}

public sealed record BillbackReport(CreditUsageReport Report, UsageGroupBy By, IReadOnlyList<BillbackGroup> Groups)
{
    /// <summary>"Billback by staff member, October 2026 - connected sessions and daily top-ups".</summary>
    public string Caption => $"Billback by {By.Label().ToLowerInvariant()}, {Report.Filter.Month.Name} - {Report.Filter.Included}";
}

public sealed record BillbackGroup(string Title, bool IsNobody, UsageTotal Total, IReadOnlyList<UsageRow> Rows);

using CreditUsage.Domain;
using CreditUsage.Domain.Months;

namespace CreditUsage.Core.Report;

/// <summary>The answer: what a month's usage adds up to. Its rows are read beside it, as many as are wanted.</summary>
/// <param name="State">Whether the month is open, in progress or closed.</param>
/// <param name="AsAt">When the database was asked.</param>
public sealed record CreditUsageReport(Subscription Subscription, ReportFilter Filter, UsageTotal Sessions, UsageTotal TopUps, MonthState State, DateTimeOffset AsAt)
{
    public UsageTotal All { get; } = Sessions + TopUps;

    /// <summary>In order, and adding up to the whole; null where the rows are not grouped.</summary>
    public IReadOnlyList<UsageGroup>? Groups { get; init; }

    /// <summary>What it was narrowed to and how it is put, in words; empty for the plain report.</summary>
    public IReadOnlyList<AppliedFilter> Criteria { get; init; } = [];

    /// <summary>"Staff member: Dr Jane Smith; grouped by: client"; null for the plain report.</summary>
    public string? CriteriaShown => Criteria.Count == 0 ? null : string.Join("; ", Criteria.Select(criterion => $"{criterion.Label}: {criterion.Value}"));

    /// <summary>"October 2026", and its state where that is not simply open.</summary>
    public string MonthShown => State is { IsClosed: false, InProgress: false } ? Filter.Month.Name : $"{Filter.Month.Name} ({State.Label})";

    /// <summary>"Credit Usage Report", and what kind of copy it is where it is one.</summary>
    public string Heading => $"Credit Usage Report{AsCopy}";

    public string Caption => $"Credit usage, {Filter.Month.Name} - {Filter.Included}{AsCopy}";

    /// <summary>"1,260 events, 6,102 credits, £3,207.56".</summary>
    public string Sentence => $"{Counted}, {Display.Count(All.Credits, "credit", "credits")}, {Money}";

    /// <summary>"1,260 events, £3,207.56".</summary>
    public string Status => $"{Counted}, {Money}";

    /// <summary>Says that money is withheld, and what to do; null when it is not.</summary>
    public string? Withheld => All.Unpriced == 0 ? null :
        $"The cost is withheld: no credit price is set for {Display.Count(All.Unpriced, "event", "events")} of this month. Set the price from its day on, and the cost appears.";

    private string AsCopy => Filter.Copy is { } copy ? $" - {copy}" : "";

    private string Counted => Display.Count(All.Events, "event", "events") + (All.Corrections == 0 ? "" : $" and {Display.Count(All.Corrections, "correction", "corrections")}");

    private string Money => All.CostPence is { } pence ? Display.Pounds(pence) : "cost withheld";
}

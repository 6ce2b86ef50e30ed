using CreditUsage.Domain;
using CreditUsage.Features.Shared;

namespace CreditUsage.Features.UsageReport;

/// <summary>The answer: what a month's usage adds up to. Its rows are read beside it, as many as are wanted.</summary>
/// <param name="AsAt">When the database was asked.</param>
public sealed record CreditUsageReport(Subscription Subscription, UsageReportFilter Filter, UsageTotal Sessions, UsageTotal TopUps, DateTimeOffset AsAt)
{
    public UsageTotal All { get; } = Sessions + TopUps;

    /// <summary>The month is not over (domain.md rule 9).</summary>
    public bool InProgress => UsageMonth.Of(AsAt) == Filter.Month;

    public string Caption => $"Credit usage, {Filter.Month.Name} - {Filter.Included}";

    /// <summary>"1,260 events, 6,102 credits, £3,207.56".</summary>
    public string Sentence => $"{Display.Count(All.Events, "event", "events")}, {Display.Count(All.Credits, "credit", "credits")}, {Money}";

    /// <summary>"1,260 events, £3,207.56".</summary>
    public string Status => $"{Display.Count(All.Events, "event", "events")}, {Money}";

    /// <summary>Says that money is withheld, and what to do; null when it is not.</summary>
    public string? Withheld => All.Unpriced == 0 ? null :
        $"The cost is withheld: no credit price is set for {Display.Count(All.Unpriced, "event", "events")} of this month. Set the price from its day on, and the cost appears.";

    private string Money => All.CostPence is { } pence ? Display.Pounds(pence) : "cost withheld";
}

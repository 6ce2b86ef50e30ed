using System.ComponentModel;
using System.Text.Json.Serialization;
using CreditUsage.Core.Jobs;
using CreditUsage.Core.Report;
using CreditUsage.Domain;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Credits;
using CreditUsage.Features.Imports;

namespace CreditUsage.Core.Files;

/// <summary>A report without its rows, in the names of <see cref="Files.UsageJson"/>.</summary>
internal sealed record UsageTotals(
    string Subscription,
    string Month,
    [property: Description("Open, In progress, Closed v1 or Restated v2.")] string State,
    DateTimeOffset GeneratedAt,
    string Currency,
    UsageTotalsByKind Totals)
{
    public static UsageTotals Of(CreditUsageReport report) => new(
        report.Subscription.Name, report.Filter.Month.ToString(), report.State.Label, report.AsAt, report.Subscription.Currency,
        new(UsageTotalFigures.Of(report.Sessions), UsageTotalFigures.Of(report.TopUps), UsageTotalFigures.Of(report.All)));
}

internal sealed record UsageTotalsByKind(UsageTotalFigures Sessions, UsageTotalFigures TopUps, UsageTotalFigures All);

[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record UsageTotalFigures(
    [property: Description("Usage events, without corrections.")] int Events,
    [property: Description("Of connected sessions.")] long Minutes,
    [property: Description("Of daily top-ups.")] int DeviceDays,
    long Credits,
    [property: Description("Integer pence; null while no credit price is set for some day.")] long? CostPence)
{
    public static UsageTotalFigures Of(UsageTotal total) => new(total.Events, total.Minutes, total.DeviceDays, total.Credits, total.CostPence);
}

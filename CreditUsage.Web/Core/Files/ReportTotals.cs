using System.ComponentModel;
using CreditUsage.Core.Report;

namespace CreditUsage.Core.Files;

/// <summary>A report without its rows, in the names of <see cref="Files.UsageJson"/>.</summary>
internal sealed record ReportTotals(
    string Subscription,
    string Month,
    [property: Description("Open, In progress, Closed v1 or Restated v2.")] string State,
    DateTimeOffset GeneratedAt,
    string Currency,
    ReportTotalsByKind Totals)
{
    public static ReportTotals Of(CreditUsageReport report) => new(
        report.Subscription.Name, report.Filter.Month.ToString(), report.State.Label, report.AsAt, report.Subscription.Currency,
        new(ReportTotalFigures.Of(report.Sessions), ReportTotalFigures.Of(report.TopUps), ReportTotalFigures.Of(report.All)));
}

internal sealed record ReportTotalsByKind(ReportTotalFigures Sessions, ReportTotalFigures TopUps, ReportTotalFigures All);

internal sealed record ReportTotalFigures(
    [property: Description("Usage events, without corrections.")] int Events,
    [property: Description("Of connected sessions.")] long Minutes,
    [property: Description("Of daily top-ups.")] int DeviceDays,
    long Credits,
    [property: Description("Integer pence; null while no credit price is set for some day.")] long? CostPence)
{
    public static ReportTotalFigures Of(UsageTotal total) => new(total.Events, total.Minutes, total.DeviceDays, total.Credits, total.CostPence);
}

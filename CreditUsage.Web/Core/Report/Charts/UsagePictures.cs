namespace CreditUsage.Core.Report.Charts;

/// <summary>The pictures of a report.</summary>
public sealed record UsagePictures(CreditUsageReport Report, BarChart Pounds, BarChart Credits, BarChart Days, BarChart Staff, BarChart Programs, HeatMap Devices)
{
    public IReadOnlyList<BarChart> Charts => [Pounds, Credits, Days, Staff, Programs];
}

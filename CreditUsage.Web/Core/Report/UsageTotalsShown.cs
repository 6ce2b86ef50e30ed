namespace CreditUsage.Core.Report;

/// <summary>A report's totals for page or paper.</summary>
/// <param name="Linked">Whether they lead to what they are made up of: on screen.</param>
public sealed record UsageTotalsShown(CreditUsageReport Report, bool Linked);

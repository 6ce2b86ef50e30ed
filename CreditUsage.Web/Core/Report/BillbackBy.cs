namespace CreditUsage.Features.UsageReport.Billback;

/// <summary>Who is billed for a month.</summary>
public enum BillbackBy
{
    Staff,
    Client,
    Program,
}

using CreditUsage.Domain.Usage;

namespace CreditUsage.Core.Report;

/// <summary>Who is billed for a month.</summary>
public enum BillbackBy
{
    Staff,
    Client,
    Program,
}

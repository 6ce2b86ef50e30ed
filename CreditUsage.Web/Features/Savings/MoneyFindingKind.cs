namespace CreditUsage.Features.Savings;

/// <summary>What there is to find, in the order of the page.</summary>
public enum MoneyFindingKind
{
    Idle,
    UnusedByStaff,
    UnusedByProgram,
    Overlap,
    Outside,
    Missing,
}

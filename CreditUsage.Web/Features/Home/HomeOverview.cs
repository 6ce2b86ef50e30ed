using CreditUsage.Core.Ledger;
using CreditUsage.Domain.Months;

namespace CreditUsage.Features.Home;

/// <summary>What the home page shows, all of it of one instant.</summary>
/// <param name="Today">By UTC.</param>
/// <param name="SoFar">The month in progress.</param>
/// <param name="Normal">The average of the complete months before it, up to the same day; null where there is none.</param>
/// <param name="Last">The last complete month; null before there is one.</param>
/// <param name="Months">The latest first.</param>
/// <param name="Attention">What somebody should look at, the most pressing first.</param>
public sealed record HomeOverview(
    DateTimeOffset AsAt, DateOnly Today, MonthSum SoFar, NormalMonth? Normal, CompleteMonth? Last, CreditStanding Credits, IReadOnlyList<HomeMonth> Months, IReadOnlyList<AttentionItem> Attention)
{
    public UsageMonth Current => UsageMonth.Of(Today);

    /// <summary>What is left when every promise is kept.</summary>
    public long Free => Credits.Available - Credits.Allocated;
}

/// <summary>A month as the list of months has it.</summary>
public sealed record HomeMonth(UsageMonth Month, MonthState State, MonthSum Sum);

/// <summary>The last complete month beside two others; null where the subscription had not begun.</summary>
public sealed record CompleteMonth(UsageMonth Month, MonthSum Sum, MonthSum? Before, MonthSum? YearBefore);

using CreditUsage.Data;
using CreditUsage.Domain;

namespace CreditUsage.Features.Dashboard;

/// <summary>Where the credits stand now, and what wants attention.</summary>
/// <param name="Available">Credits in hand, by posting instant.</param>
/// <param name="Allocated">Credits promised to schedules and not charged yet.</param>
/// <param name="Months">The latest first.</param>
/// <param name="Withheld">Months with events that have no price.</param>
/// <param name="HasPrice">Whether a price is valid today.</param>
public sealed record BalanceOverview(
    long Available, long Allocated, IReadOnlyList<(UsageMonth Month, MonthState State)> Months, IReadOnlyList<WithheldMonth> Withheld, bool HasPrice, DateTimeOffset AsAt)
{
    /// <summary>What is left when every promise is kept.</summary>
    public long Free => Available - Allocated;

    /// <summary>Months that are over and not closed.</summary>
    public int Open => Months.Count(month => month.State is { IsClosed: false, InProgress: false });

    public bool NeedsAttention => Withheld.Count > 0 || !HasPrice || Free < 0;
}

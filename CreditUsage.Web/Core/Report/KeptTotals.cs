using CreditUsage.Domain.Months;

namespace CreditUsage.Core.Report;

/// <summary>
/// Holds the sums of a page that shows many months against the totals that were kept of the closed ones: a proof that costs no reading (docs/decisions/0020). The rows themselves are proved by <see cref="IMonthProof"/>.
/// </summary>
public static class KeptTotals
{
    public const string Restore = "Restore the data from a backup. Until then this month cannot be printed, saved or exported.";

    /// <summary>"August 2026, version 1".</summary>
    public static string NameOf(MonthClosing closing)
    {
        ArgumentNullException.ThrowIfNull(closing);
        return $"{closing.Month.Name}, version {closing.Version}";
    }

    /// <summary>A sentence that names every closed month whose sums are others; null where all agree.</summary>
    /// <param name="closings">In force, of the months that were summed.</param>
    public static string? Difference(IEnumerable<MonthClosing> closings, Func<UsageMonth, MonthTotals> sums)
    {
        var wrong = closings.Where(closing => sums(closing.Month) != MonthTotals.Of(closing)).OrderBy(closing => closing.Month).Select(NameOf).ToList();
        return wrong.Count == 0 ? null : $"The stored totals of {string.Join(" and of ", wrong)} do not match {(wrong.Count == 1 ? "its" : "their")} rows. {Restore}";
    }
}

/// <param name="Events">Without corrections.</param>
/// <param name="CostPence">Null where it is withheld.</param>
public sealed record MonthTotals(int Events, int Corrections, long Credits, long? CostPence)
{
    public static MonthTotals Of(MonthClosing closing)
    {
        ArgumentNullException.ThrowIfNull(closing);
        return new(closing.Events, closing.Corrections, closing.Credits, closing.CostPence);
    }

    public static MonthTotals Of(UsageTotal total)
    {
        ArgumentNullException.ThrowIfNull(total);
        return new(total.Events, total.Corrections, total.Credits, total.CostPence);
    }
}

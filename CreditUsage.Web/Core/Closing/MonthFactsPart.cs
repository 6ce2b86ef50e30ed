using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Features.Months;

namespace CreditUsage.Core.Closing;

/// <summary>What the page of a month and its checklist both go by, read once for the two.</summary>
public sealed record MonthFacts(UsageMonth Month, MonthCalendar Calendar, IReadOnlyList<MonthDay> Days)
{
    /// <summary>Events and corrections that have no cost.</summary>
    public int Unpriced => Days.Sum(day => day.Unpriced);

    public MonthLine Line => new(
        Month, Calendar.StateOf(Month), Days.Sum(day => day.Events), Days.Sum(day => day.Corrections), Days.Sum(day => day.Credits), Unpriced == 0 ? Days.Sum(day => day.CostPence) : null);

    /// <param name="month">Any month.</param>
    /// <param name="now">Decides which month is in progress.</param>
    public static async Task<MonthFacts> LoadAsync(CreditUsageDb db, UsageMonth month, DateTimeOffset now, CancellationToken cancellation) =>
        new(month, await MonthCalendar.LoadAsync(db, now, cancellation), await MonthDay.ListAsync(db, month, cancellation));
}

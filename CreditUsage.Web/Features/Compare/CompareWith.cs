using CreditUsage.Domain.Months;

namespace CreditUsage.Features.Compare;

/// <summary>The month that another is held against: with=previous, with=last-year or with=2025-10.</summary>
public static class CompareWith
{
    public const string Previous = "previous";
    public const string LastYear = "last-year";

    /// <summary>Null where there is no such month.</summary>
    /// <param name="word">Null for the month before.</param>
    public static UsageMonth? Of(string? word, UsageMonth month) => word switch
    {
        null or "" or Previous => month.Previous,
        LastYear => UsageMonth.Of(month.Start.AddYears(-1)),
        _ => UsageMonth.TryParse(word, out var other) ? other : null,
    };
}

using System.Globalization;

namespace CreditUsage.Domain.Months;

/// <summary>A calendar month in UTC, half open. The only period type of the product (domain.md rule 1).</summary>
public readonly record struct UsageMonth : IComparable<UsageMonth>
{
    /// <exception cref="ArgumentOutOfRangeException">Year outside 1 to 9998 or month outside 1 to 12.</exception>
    public UsageMonth(int year, int month)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(year, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(year, 9998);
        ArgumentOutOfRangeException.ThrowIfLessThan(month, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(month, 12);
        (Year, Month) = (year, month);
    }

    public int Year { get; }

    public int Month { get; }

    public DateOnly Start => new(Year, Month, 1);

    public DateOnly End => Start.AddMonths(1);

    public UsageMonth Previous => Of(Start.AddDays(-1));

    public UsageMonth Next => Of(End);

    /// <summary>Months since January of year 0, by which a database compares and orders months.</summary>
    public int Number => (Year * 12) + Month - 1;

    /// <summary>"October 2026".</summary>
    public string Name => Start.ToString("MMMM yyyy", CultureInfo.GetCultureInfo("en-GB"));

    public static UsageMonth Of(DateOnly day) => new(day.Year, day.Month);

    /// <summary>By UTC, whatever the offset.</summary>
    public static UsageMonth Of(DateTimeOffset instant) => Of(DateOnly.FromDateTime(instant.UtcDateTime));

    public static UsageMonth FromNumber(int number) => new(number / 12, (number % 12) + 1);

    /// <summary>Reads "2026-10".</summary>
    public static bool TryParse(string? text, out UsageMonth month)
    {
        var ok = DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year < 9999;
        month = ok ? Of(day) : default;
        return ok;
    }

    public bool Contains(DateOnly day) => Start <= day && day < End;

    public int CompareTo(UsageMonth other) => Start.CompareTo(other.Start);

    public override string ToString() => Start.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    public static bool operator <(UsageMonth left, UsageMonth right) => left.CompareTo(right) < 0;

    public static bool operator >(UsageMonth left, UsageMonth right) => left.CompareTo(right) > 0;

    public static bool operator <=(UsageMonth left, UsageMonth right) => left.CompareTo(right) <= 0;

    public static bool operator >=(UsageMonth left, UsageMonth right) => left.CompareTo(right) >= 0;
}

/// <summary>The months that can be reported: from the subscription's start to the current one (domain.md rule 9).</summary>
public sealed class ReportableMonths(DateOnly startsOn, DateTimeOffset now)
{
    public UsageMonth First { get; } = UsageMonth.Of(startsOn);

    public UsageMonth Current { get; } = UsageMonth.Of(now);

    /// <summary>The last complete month, or the current one where there is none yet.</summary>
    public UsageMonth Default => Current > First ? Current.Previous : First;

    public IEnumerable<UsageMonth> All => Enumerable.Range(0, Current.Number - First.Number + 1).Select(back => UsageMonth.FromNumber(Current.Number - back));

    public string? Refusal(UsageMonth month)
    {
        if (month < First) return $"{month.Name} is before your subscription began. Choose a month from {First.Name} to {Current.Name}.";
        if (month > Current) return $"{month.Name} has not started. Choose a month from {First.Name} to {Current.Name}.";
        return null;
    }
}

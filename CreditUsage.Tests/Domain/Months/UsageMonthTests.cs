using CreditUsage.Domain.Months;
using CsCheck;

namespace CreditUsage.Tests.Domain.Months;

public sealed class UsageMonthTests
{
    private static readonly Gen<DateTimeOffset> Instants =
        Gen.Select(Gen.Long[new DateTime(2020, 1, 1).Ticks, new DateTime(2030, 1, 1).Ticks], Gen.Int[-14 * 60, 14 * 60], (ticks, minutes) => new DateTimeOffset(ticks, TimeSpan.FromMinutes(minutes)));

    [Fact]
    public void Each_instant_is_in_exactly_one_month_whatever_its_offset() => Instants.Sample(instant =>
    {
        var months = Enumerable.Range(2019, 13).SelectMany(year => Enumerable.Range(1, 12).Select(month => new UsageMonth(year, month)));
        var within = months.Where(month => Midnight(month.Start) <= instant && instant < Midnight(month.End)).ToList();
        return within.Count == 1 && within[0] == UsageMonth.Of(instant) && within[0] == UsageMonth.Of(instant.ToOffset(TimeSpan.FromHours(5)));
    });

    [Fact]
    public void The_months_of_a_year_tile_it() => Gen.Int[1, 9997].Sample(year =>
    {
        var days = Enumerable.Range(1, 12).Select(month => new UsageMonth(year, month)).ToList();
        return days[0].Start == new DateOnly(year, 1, 1) && days[^1].End == new DateOnly(year + 1, 1, 1)
            && days.Zip(days.Skip(1)).All(pair => pair.First.End == pair.Second.Start && pair.Second.Previous == pair.First && pair.First < pair.Second);
    });

    [Fact]
    public void Half_past_midnight_on_a_British_summer_clock_is_still_the_month_before()
    {
        Assert.Equal(new UsageMonth(2026, 7), UsageMonth.Of(new DateTimeOffset(2026, 8, 1, 0, 30, 0, TimeSpan.FromHours(1))));
        Assert.Equal(new UsageMonth(2026, 8), UsageMonth.Of(new DateTimeOffset(2026, 8, 1, 1, 0, 0, TimeSpan.FromHours(1))));
        Assert.Equal(new UsageMonth(2026, 3), UsageMonth.Of(new DateTimeOffset(2026, 3, 31, 23, 30, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void A_month_begins_with_its_first_tick_and_ends_before_the_next_ones()
    {
        var first = new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal((9, 10), (UsageMonth.Of(first.AddTicks(-1)).Month, UsageMonth.Of(first).Month));
        Assert.True(new UsageMonth(2026, 10).Contains(new DateOnly(2026, 10, 1)));
        Assert.True(new UsageMonth(2026, 10).Contains(new DateOnly(2026, 10, 31)));
        Assert.False(new UsageMonth(2026, 10).Contains(new DateOnly(2026, 11, 1)));
        Assert.False(new UsageMonth(2026, 10).Contains(new DateOnly(2026, 9, 30)));
    }

    [Fact]
    public void Months_compare_as_their_days_do()
    {
        var (september, october, same) = (new UsageMonth(2026, 9), new UsageMonth(2026, 10), new UsageMonth(2026, 10));
        Assert.Equal((true, false, false), (september < october, october < september, october < same));
        Assert.Equal((false, true, false), (september > october, october > september, october > same));
        Assert.Equal((true, false, true), (september <= october, october <= september, october <= same));
        Assert.Equal((false, true, true), (september >= october, october >= september, october >= same));
    }

    [Fact]
    public void What_is_written_can_be_read() => Gen.Select(Gen.Int[1, 9998], Gen.Int[1, 12], (year, month) => new UsageMonth(year, month))
        .Sample(month => UsageMonth.TryParse(month.ToString(), out var read) && read == month);

    [Theory]
    [InlineData("2026-10", true)]
    [InlineData("2026-13", false)]
    [InlineData("2026-00", false)]
    [InlineData("2026-1", false)]
    [InlineData("26-10", false)]
    [InlineData("2026-10-01", false)]
    [InlineData(" 2026-10", false)]
    [InlineData("2026/10", false)]
    [InlineData("٢٠٢٦-١٠", false)]
    [InlineData("9999-01", false)]
    [InlineData("0000-01", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_four_digits_a_hyphen_and_two_digits_are_a_month(string? text, bool expected) => Assert.Equal(expected, UsageMonth.TryParse(text, out _));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(9999, 1)]
    [InlineData(2026, 0)]
    [InlineData(2026, 13)]
    public void A_month_that_does_not_exist_cannot_be_made(int year, int month) => Assert.Throws<ArgumentOutOfRangeException>(() => new UsageMonth(year, month));

    [Fact]
    public void Its_name_is_British_wherever_the_server_stands() => Assert.Equal("October 2026", new UsageMonth(2026, 10).Name);

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}

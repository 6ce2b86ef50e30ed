using CreditUsage.Domain.Usage;

namespace CreditUsage.Tests.Domain.Usage;

/// <summary>Dates as people and spreadsheets write them, read in one way only or refused.</summary>
public sealed class FileDatesTests
{
    [Theory]
    [InlineData(DateStyle.Unsaid, "2026-10-31 09:30", "2026-10-31T09:30:00+00:00")]
    [InlineData(DateStyle.Unsaid, "2026-10-31T09:30:15.25", "2026-10-31T09:30:15.25+00:00")]
    [InlineData(DateStyle.Unsaid, "2026/10/31 9:30", "2026-10-31T09:30:00+00:00")]
    [InlineData(DateStyle.Unsaid, "2026-10-31T09:30:00Z", "2026-10-31T09:30:00Z")]
    [InlineData(DateStyle.MonthFirst, "2026-10-31 09:30:00+01:00", "2026-10-31T09:30:00+01:00")]
    [InlineData(DateStyle.Unsaid, "31/10/2026 09:30", "2026-10-31T09:30:00+00:00")]
    [InlineData(DateStyle.Unsaid, "10/31/2026 09:30", "2026-10-31T09:30:00+00:00")]
    [InlineData(DateStyle.Unsaid, "10/10/2026 09:30", "2026-10-10T09:30:00+00:00")]
    [InlineData(DateStyle.DayFirst, "03/04/2026 09:30", "2026-04-03T09:30:00+00:00")]
    [InlineData(DateStyle.DayFirst, "3.4.26 09:30", "2026-04-03T09:30:00+00:00")]
    [InlineData(DateStyle.DayFirst, "3-4-2026, 9:30 PM", "2026-04-03T21:30:00+00:00")]
    [InlineData(DateStyle.MonthFirst, "03/04/2026 12:05am", "2026-03-04T00:05:00+00:00")]
    [InlineData(DateStyle.Iso, " 2026-10-31 09:30 ", "2026-10-31T09:30:00+00:00")]
    [InlineData(DateStyle.Unsaid, "1-Oct-26 09:30", "2026-10-01T09:30:00+00:00")]
    [InlineData(DateStyle.MonthName, "1 October 2026 09:30", "2026-10-01T09:30:00+00:00")]
    [InlineData(DateStyle.MonthName, "1-Sept-26 09:30", "2026-09-01T09:30:00+00:00")]
    [InlineData(DateStyle.MonthName, "01-SEP-2026 09:30:59", "2026-09-01T09:30:59+00:00")]
    [InlineData(DateStyle.MonthName, "30 September 2026 09:30", "2026-09-30T09:30:00+00:00")]
    [InlineData(DateStyle.Unsaid, "46296.395833333336", "2026-10-01T09:30:00+00:00")]
    [InlineData(DateStyle.ExcelNumber, "46296,3958333333", "2026-10-01T09:30:00+00:00")]
    [InlineData(DateStyle.ExcelNumber, "46296", "2026-10-01T00:00:00+00:00")]
    [InlineData(DateStyle.ExcelNumber, "60000.999994", "2064-04-08T23:59:59+00:00")]
    public void An_instant_is_read_as_it_was_meant(DateStyle style, string text, string instant)
    {
        var faults = new List<UsageFault>();
        Assert.Equal(instant, new FileDates(new ColumnMapping { Dates = style }).Instant(text, faults));
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData(DateStyle.Unsaid, "03/04/2026 09:30", "can be 3 April or 4 March; choose in Your columns how the file writes its dates.")]
    [InlineData(DateStyle.Unsaid, "31/31/2026 09:30", "is not a date as 2026-10-31, 31/10/2026 or 31-Oct-26.")]
    [InlineData(DateStyle.Unsaid, "yesterday", "is not a date as 2026-10-31, 31/10/2026 or 31-Oct-26.")]
    [InlineData(DateStyle.Unsaid, "", "is not a date as 2026-10-31, 31/10/2026 or 31-Oct-26.")]
    [InlineData(DateStyle.Unsaid, "31/10/2026", "has no time; a connected session needs the time at which it began.")]
    [InlineData(DateStyle.Unsaid, "31/10/2026 25:00", "has a time that cannot be read; write it as 09:30 or 09:30:00.")]
    [InlineData(DateStyle.Unsaid, "19999", "is not a date as 2026-10-31, 31/10/2026 or 31-Oct-26.")]
    [InlineData(DateStyle.DayFirst, "10/31/2026 09:30", "is not a date as 31/10/2026.")]
    [InlineData(DateStyle.DayFirst, "1-Oct-26 09:30", "is not a date as 31/10/2026.")]
    [InlineData(DateStyle.DayFirst, "46296.5", "is not a date as 31/10/2026.")]
    [InlineData(DateStyle.MonthFirst, "31/10/2026 09:30", "is not a date as 10/31/2026.")]
    [InlineData(DateStyle.MonthName, "31/10/2026 09:30", "is not a date as 31-Oct-26.")]
    [InlineData(DateStyle.MonthName, "31-Okt-26 09:30", "is not a date as 31-Oct-26.")]
    [InlineData(DateStyle.ExcelNumber, "31/10/2026 09:30", "is not a date as 46326 or 46326.5, Excel's number of a day.")]
    [InlineData(DateStyle.Iso, "31/10/2026 09:30", "is not a date as 2026-10-31.")]
    public void What_can_be_read_in_two_ways_or_none_is_refused_and_stays_as_it_was(DateStyle style, string text, string reason)
    {
        var faults = new List<UsageFault>();
        Assert.Equal(text, new FileDates(new ColumnMapping { Dates = style }).Instant(text, faults));
        Assert.Equal(new UsageFault("occurred_at", $"\"{text}\" {reason}"), Assert.Single(faults));
    }

    [Theory]
    [InlineData("2026-07-01 09:30", DoubledHour.Refuse, "2026-07-01T09:30:00+01:00")]
    [InlineData("2026-12-01 09:30", DoubledHour.Refuse, "2026-12-01T09:30:00+00:00")]
    [InlineData("2026-10-25 00:59", DoubledHour.Refuse, "2026-10-25T00:59:00+01:00")]
    [InlineData("2026-10-25 01:30", DoubledHour.SummerTime, "2026-10-25T01:30:00+01:00")]
    [InlineData("2026-10-25 01:30", DoubledHour.Gmt, "2026-10-25T01:30:00+00:00")]
    [InlineData("2026-10-25 02:00", DoubledHour.Refuse, "2026-10-25T02:00:00+00:00")]
    [InlineData("2026-10-25T01:30:00Z", DoubledHour.Refuse, "2026-10-25T01:30:00Z")]
    public void British_clocks_are_an_hour_ahead_in_summer(string text, DoubledHour doubled, string instant)
    {
        var faults = new List<UsageFault>();
        Assert.Equal(instant, new FileDates(new ColumnMapping { Zone = FileZone.London, DoubledHour = doubled }).Instant(text, faults));
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("2026-10-25 01:00", "is a time that British clocks showed twice, when summer time ended; choose in Your columns which is meant.")]
    [InlineData("2026-10-25 01:59:59", "is a time that British clocks showed twice, when summer time ended; choose in Your columns which is meant.")]
    [InlineData("2026-03-29 01:30", "is a time that British clocks left out, when summer time began.")]
    public void A_time_that_British_clocks_showed_twice_or_never_is_refused(string text, string reason)
    {
        var faults = new List<UsageFault>();
        Assert.Equal(text, new FileDates(new ColumnMapping { Zone = FileZone.London }).Instant(text, faults));
        Assert.Equal($"\"{text}\" {reason}", Assert.Single(faults).Message);
    }

    [Fact]
    public void In_GMT_no_time_is_doubled()
    {
        var faults = new List<UsageFault>();
        Assert.Equal("2026-10-25T01:30:00+00:00", new FileDates(new ColumnMapping()).Instant("2026-10-25 01:30", faults));
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("31/10/2026", "2026-10-31")]
    [InlineData("2026-10-31 00:00:00", "2026-10-31")]
    [InlineData("1-Oct-26", "2026-10-01")]
    [InlineData("46296", "2026-10-01")]
    public void A_day_may_have_midnight_beside_it(string text, string day)
    {
        var faults = new List<UsageFault>();
        Assert.Equal(day, new FileDates(new ColumnMapping { Zone = FileZone.London }).Day(text, faults));
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("31/10/2026 09:30", "has a time; write the day alone.")]
    [InlineData("46296.5", "has a time; write the day alone.")]
    [InlineData("03/04/2026", "can be 3 April or 4 March; choose in Your columns how the file writes its dates.")]
    public void A_day_with_a_time_or_with_two_meanings_is_refused(string text, string reason)
    {
        var faults = new List<UsageFault>();
        Assert.Equal(text, new FileDates(new ColumnMapping()).Day(text, faults));
        Assert.Equal($"\"{text}\" {reason}", Assert.Single(faults).Message);
    }
}

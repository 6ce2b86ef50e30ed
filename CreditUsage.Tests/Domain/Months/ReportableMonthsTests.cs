using CreditUsage.Domain.Months;

namespace CreditUsage.Tests.Domain.Months;

public sealed class ReportableMonthsTests
{
    private static readonly ReportableMonths Months = new(new DateOnly(2024, 8, 15), new DateTimeOffset(2026, 11, 1, 0, 30, 0, TimeSpan.FromHours(1)));

    [Fact]
    public void They_reach_from_the_subscriptions_start_to_the_month_in_progress_by_UTC()
    {
        Assert.Equal((new UsageMonth(2024, 8), new UsageMonth(2026, 10), new UsageMonth(2026, 9)), (Months.First, Months.Current, Months.Default));
        Assert.Null(Months.Refusal(Months.First));
        Assert.Null(Months.Refusal(Months.Current));
    }

    [Fact]
    public void All_of_them_are_listed_the_newest_first()
    {
        var all = Months.All.ToList();
        Assert.Equal((27, Months.Current, Months.First), (all.Count, all[0], all[^1]));
        Assert.All(all.Zip(all.Skip(1)), pair => Assert.Equal(pair.First.Previous, pair.Second));
    }

    [Fact]
    public void Others_are_refused_with_what_to_choose()
    {
        Assert.Equal("July 2024 is before your subscription began. Choose a month from August 2024 to October 2026.", Months.Refusal(Months.First.Previous));
        Assert.Equal("November 2026 has not started. Choose a month from August 2024 to October 2026.", Months.Refusal(UsageMonth.Of(Months.Current.End)));
    }

    [Fact]
    public void In_the_first_month_the_default_is_that_month() =>
        Assert.Equal(new UsageMonth(2026, 11), new ReportableMonths(new DateOnly(2026, 11, 1), new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero)).Default);
}

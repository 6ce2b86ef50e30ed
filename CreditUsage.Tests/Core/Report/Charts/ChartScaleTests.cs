using CreditUsage.Core.Report.Charts;
using CsCheck;

namespace CreditUsage.Tests.Core.Report.Charts;

public sealed class ChartScaleTests
{
    [Theory]
    [InlineData(0, new long[] { 0, 1 })]
    [InlineData(3, new long[] { 0, 1, 2, 3 })]
    [InlineData(7, new long[] { 0, 2, 4, 6, 8 })]
    [InlineData(366_126, new long[] { 0, 100_000, 200_000, 300_000, 400_000 })]
    [InlineData(500_000, new long[] { 0, 100_000, 200_000, 300_000, 400_000, 500_000 })]
    [InlineData(500_001, new long[] { 0, 200_000, 400_000, 600_000 })]
    public void Steps_are_round(long largest, long[] ticks) => Assert.Equal(ticks, ChartScale.Of(largest).Ticks);

    [Fact]
    public void The_axis_just_covers_the_largest_in_few_steps() => Gen.Long[1, 1_000_000_000_000].Sample(largest =>
    {
        var scale = ChartScale.Of(largest);
        var lead = scale.Step;
        while (lead % 10 == 0) lead /= 10;
        return scale.Steps is >= 1 and <= ChartScale.MaxSteps && scale.Top >= largest && scale.Top - scale.Step < largest && lead is 1 or 2 or 5;
    });

    [Theory]
    [InlineData(ChartUnit.Pounds, 366_126, "£0 £1,000 £2,000 £3,000 £4,000")]
    [InlineData(ChartUnit.Pounds, 120, "£0.00 £0.50 £1.00 £1.50")]
    [InlineData(ChartUnit.Credits, 7_012, "0 2,000 4,000 6,000 8,000")]
    public void A_tick_says_pounds_or_credits(ChartUnit unit, long largest, string ticks)
    {
        var scale = ChartScale.Of(largest);
        Assert.Equal(ticks, string.Join(' ', scale.Ticks.Select(tick => unit.Tick(tick, scale))));
    }
}

using System.Numerics;
using CreditUsage.Domain.Credits;
using CsCheck;

namespace CreditUsage.Tests.Domain.Credits;

public sealed class CreditTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(5, 1)]
    [InlineData(6, 2)]
    [InlineData(10, 2)]
    [InlineData(11, 3)]
    [InlineData(1440, 288)]
    public void A_session_costs_a_credit_for_every_five_minutes_begun(int minutes, int credits) => Assert.Equal(credits, CreditRule.ForSession(minutes));

    [Fact]
    public void Credits_are_the_fives_that_cover_the_minutes() => Gen.Int[1, 100_000].Sample(minutes =>
    {
        var credits = CreditRule.ForSession(minutes);
        return credits * 5 >= minutes && (credits - 1) * 5 < minutes;
    });

    [Fact]
    public void Minutes_cannot_be_negative() => Assert.Throws<ArgumentOutOfRangeException>(() => CreditRule.ForSession(-1));

    [Theory]
    [InlineData(1, 525_000, 53)] // 52.5
    [InlineData(-1, 525_000, -53)]
    [InlineData(3, 525_000, 158)] // 157.5
    [InlineData(1, 524_999, 52)]
    [InlineData(-1, 524_999, -52)]
    [InlineData(1, 5_000, 1)] // half a penny
    [InlineData(-1, 5_000, -1)]
    [InlineData(1, 4_999, 0)]
    [InlineData(3, 333_350, 100)] // 100.005
    [InlineData(0, 525_000, 0)]
    [InlineData(5, 0, 0)]
    public void Cost_is_rounded_once_to_whole_pence_half_away_from_zero(int credits, long micros, long pence) => Assert.Equal(pence, Price(2026, 1, 1, micros).CostPence(credits));

    [Fact]
    public void Cost_is_what_exact_arithmetic_says() => Gen.Select(Gen.Int[-1_000_000, 1_000_000], Gen.Long[0, 10_000_000_000]).Sample((credits, micros) =>
    {
        var product = new BigInteger(credits) * micros;
        var exact = BigInteger.Divide(BigInteger.Abs(product) * 2 + 10_000, 20_000) * product.Sign;
        var pence = Price(2026, 1, 1, micros).CostPence(credits);
        return pence == exact && pence == (long)Math.Round((decimal)product / 10_000, MidpointRounding.AwayFromZero);
    });

    [Fact]
    public void Ties_go_away_from_zero() => Gen.Select(Gen.Int[0, 100_000], Gen.Bool).Sample((pence, negative) =>
    {
        var price = Price(2026, 1, 1, (pence * 10_000L) + 5_000);
        return price.CostPence(negative ? -1 : 1) == (negative ? -pence - 1 : pence + 1);
    });

    [Fact]
    public void A_cost_that_does_not_fit_is_an_error_and_not_another_cost() => Assert.Throws<OverflowException>(() => Price(2026, 1, 1, long.MaxValue / 2).CostPence(3));

    [Fact]
    public void The_price_of_a_day_is_the_latest_that_begins_on_it_or_before()
    {
        CreditPrice[] prices = [Price(2026, 4, 1, 530_000), Price(2024, 8, 1, 450_000), Price(2025, 4, 1, 480_000)];
        Assert.Null(CreditPrice.On(prices, new DateOnly(2024, 7, 31)));
        Assert.Equal(450_000, CreditPrice.On(prices, new DateOnly(2024, 8, 1))!.PriceMicros);
        Assert.Equal(450_000, CreditPrice.On(prices, new DateOnly(2025, 3, 31))!.PriceMicros);
        Assert.Equal(480_000, CreditPrice.On(prices, new DateOnly(2025, 4, 1))!.PriceMicros);
        Assert.Equal(530_000, CreditPrice.On(prices, new DateOnly(2030, 1, 1))!.PriceMicros);
        Assert.Null(CreditPrice.On([], new DateOnly(2026, 1, 1)));
    }

    private static CreditPrice Price(int year, int month, int day, long micros) => new() { ValidFrom = new DateOnly(year, month, day), PriceMicros = micros };
}

using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Platform.Security;

public sealed class TotpTests
{
    /// <summary>"12345678901234567890" of RFC 6238, appendix B, in base 32.</summary>
    private const string Key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void The_codes_are_those_of_the_standard(long seconds, string code) =>
        Assert.Equal(seconds / 30, Totp.StepOf(Key, code, DateTimeOffset.FromUnixTimeSeconds(seconds)));

    [Theory]
    [InlineData(-30, true)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(-60, false)]
    [InlineData(60, false)]
    public void A_clock_may_be_off_by_half_a_minute(int seconds, bool taken) =>
        Assert.Equal(taken, Totp.StepOf(Key, new Phone(Key).CodeAt(Now.AddSeconds(seconds)), Now) is not null);

    [Fact]
    public void A_code_is_taken_with_the_gap_that_apps_show()
    {
        var code = new Phone(Key).CodeAt(Now);
        Assert.NotNull(Totp.StepOf(Key, $" {code[..3]} {code[3..]}", Now));
        Assert.NotNull(Totp.StepOf(Key, $"{code[..3]}-{code[3..]}", Now));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("\u0661\u0662\u0663\u0664\u0665\u0666")]
    [InlineData("abcdef")]
    public void What_is_not_six_digits_is_no_code(string code) => Assert.Null(Totp.StepOf(Key, code, Now));
}

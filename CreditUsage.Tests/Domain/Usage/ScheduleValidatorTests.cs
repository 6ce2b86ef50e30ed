using CreditUsage.Domain.Usage;

namespace CreditUsage.Tests.Domain.Usage;

public sealed class ScheduleValidatorTests
{
    private static readonly ScheduleInput Good = new("0306158990", "Sleep", "", "", "Front desk", "S1", "Sam Staff", "2026-10-01", "2026-12-31");

    [Fact]
    public void Good_fields_become_terms_with_names_normalised_and_no_client_where_none_is_named()
    {
        var terms = Validate(Good with { Program = " Trauma\tand  PTSD ", DeviceId = " 0306158990 " }, out var faults);

        Assert.Empty(faults);
        Assert.Equal(new ScheduleTerms("0306158990", "Trauma and PTSD", null, null, "Front desk", "S1", "Sam Staff", new DateOnly(2026, 10, 1), new DateOnly(2026, 12, 31)), terms);
    }

    [Fact]
    public void One_day_is_a_schedule_and_so_is_a_leap_day()
    {
        Assert.NotNull(Validate(Good with { LastDay = "2026-10-01" }, out _));
        Assert.NotNull(Validate(Good with { FirstDay = "2028-02-29", LastDay = "2028-02-29" }, out _));
    }

    [Theory]
    [InlineData("2025-12-31", "2026-12-31", "first_day")]
    [InlineData("2026-10-01", "2026-09-30", "last_day")]
    [InlineData("2026-10-01", "2062-10-01", "last_day")]
    [InlineData("2026-02-29", "2026-12-31", "first_day")]
    [InlineData("2026-10-01", "31/12/2026", "last_day")]
    [InlineData("2026-10-01", "x", "last_day")]
    [InlineData("0001-01-01", "2026-12-31", "first_day")]
    public void Days_out_of_order_or_out_of_reach_are_refused(string first, string last, string field)
    {
        Assert.Null(Validate(Good with { FirstDay = first, LastDay = last }, out var faults));
        Assert.Equal(field, Assert.Single(faults).Field);
    }

    [Fact]
    public void A_client_needs_both_an_id_and_a_name()
    {
        Validate(Good with { ClientId = "C1" }, out var withoutName);
        Validate(Good with { ClientName = "Ann Client" }, out var withoutId);
        Assert.Equal(("client_name", "client_id"), (Assert.Single(withoutName).Field, Assert.Single(withoutId).Field));
    }

    [Fact]
    public void Without_a_last_day_it_goes_on_until_it_is_ended()
    {
        var terms = Validate(Good with { LastDay = " " }, out var faults);
        Assert.Empty(faults);
        Assert.Equal(TopUpSchedule.NoLastDay, terms!.LastDay);
        Assert.False(terms.Begin(1, default, "").HasLastDay);
        Assert.True(Validate(Good, out _)!.Begin(1, default, "").HasLastDay);
    }

    [Theory]
    [InlineData("306158990")]
    [InlineData("03061589901")]
    [InlineData("030615899O")]
    [InlineData("٠٣٠٦١٥٨٩٩٠")]
    public void A_device_id_is_ten_digits(string device)
    {
        Assert.Null(Validate(Good with { DeviceId = device }, out var faults));
        Assert.Equal("device_id", Assert.Single(faults).Field);
    }

    private static ScheduleTerms? Validate(ScheduleInput input, out IReadOnlyList<UsageFault> faults) => new ScheduleValidator(new DateOnly(2026, 1, 1)).Validate(input, out faults);
}

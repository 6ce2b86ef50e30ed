using System.Globalization;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Tests.Domain.Usage;

public sealed class UsageValidatorTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly UsageInput Session = new(
        "E1", "connected-session", "2026-10-01T09:30:00Z", "S1", "Sam Staff", "C1", "Ann Client", "Sleep", "", "", "25", "", "");

    private static readonly UsageInput TopUp = new(
        "E2", "daily-top-up", "2026-10-01", "S1", "Sam Staff", "", "", "Sleep", "1000000001", "Front desk", "", "", "");

    [Fact]
    public void A_session_is_read_field_by_field() =>
        Assert.Equal(
            new UsageRecord("E1", UsageKind.ConnectedSession, new(2026, 10, 1, 9, 30, 0, TimeSpan.Zero), "S1", "Sam Staff", "C1", "Ann Client", "Sleep", null, null, 25, null, null),
            Valid(Session));

    [Fact]
    public void A_top_up_is_read_field_by_field_and_may_have_no_client() =>
        Assert.Equal(
            new UsageRecord("E2", UsageKind.DailyTopUp, new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero), "S1", "Sam Staff", null, null, "Sleep", "1000000001", "Front desk", null, null, null),
            Valid(TopUp));

    [Fact]
    public void A_session_is_dated_by_the_instant_it_started_in_UTC() => Assert.Equal(new DateOnly(2026, 7, 31), Valid(Session with { OccurredAt = "2026-08-01T00:30:00+01:00" }).ServiceDate);

    [Fact]
    public void Credits_due_are_the_stated_ones_or_the_rules()
    {
        Assert.Equal(5, Valid(Session).CreditsDue);
        Assert.Equal(0, Valid(Session with { Credits = "0" }).CreditsDue);
        Assert.Equal(7, Valid(Session with { Credits = " 7 " }).CreditsDue);
        Assert.Equal(1, Valid(TopUp).CreditsDue);
    }

    [Fact]
    public void Everything_wrong_with_a_row_is_said_at_once() =>
        Assert.Equal(["device_id", "event_id", "staff_name", "duration_minutes", "cost_gbp"], Faults(Session with { EventId = "", StaffName = " ", DeviceId = "1000000001", DurationMinutes = "x", CostGbp = "x" }));

    [Theory]
    [InlineData("5.0", 5)]
    [InlineData("1.000", 1)]
    [InlineData("120.00", 120)]
    [InlineData("0.0", 0)]
    public void A_whole_number_that_is_written_as_a_decimal_is_that_number(string text, int number)
    {
        var record = Valid(Session with { DurationMinutes = text, Credits = text });
        Assert.Equal((number, number), (record.DurationMinutes, record.Credits));
    }

    [Theory]
    [InlineData("5.5")]
    [InlineData("5.01")]
    [InlineData("5.0000000000")]
    [InlineData("1000001.0")]
    public void Another_decimal_is_not(string text) => Assert.Contains("credits", Faults(Session with { Credits = text }));

    [Theory]
    [InlineData("2026-10-01t09:30:00z")]
    [InlineData("2026-10-01T09:30:00z")]
    [InlineData("2026-10-01t10:30:00+01:00")]
    [InlineData("2026-10-01t09:30:00.000Z")]
    public void The_letters_of_an_instant_are_read_in_both_cases(string text) => Assert.Equal(new DateTimeOffset(2026, 10, 1, 9, 30, 0, TimeSpan.Zero), Valid(Session with { OccurredAt = text }).OccurredAt);

    public static TheoryData<string> NotNumbers =>
    [
        "1,50", "1,000", "1.000,00", "(5)", "5-", "-5", "-0", "+5", "£5", "5%", "1e3", "0x10", "NaN", "Infinity", "٣", "1.", ".5", "1_000", "1 000", "5\0", "twelve",
        "79228162514264337593543950336", "999999999999999999", "0.0000000000000000000000000000000000000001",
    ];

    [Theory]
    [MemberData(nameof(NotNumbers))]
    public void What_only_looks_like_a_number_is_refused_in_every_field(string text)
    {
        Assert.Equal(["cost_gbp"], Faults(Session with { CostGbp = text }));
        Assert.Equal(["credits"], Faults(Session with { Credits = text }));
        Assert.Equal(["duration_minutes"], Faults(Session with { DurationMinutes = text }));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("0.00", 0)]
    [InlineData("9.4", 940)]
    [InlineData("9.45", 945)]
    [InlineData(" 9.45 ", 945)]
    [InlineData("0.29", 29)]
    [InlineData("1.15", 115)]
    [InlineData("999999999.99", 99_999_999_999)]
    public void A_stated_cost_is_kept_to_the_penny(string text, long pence) => Assert.Equal(pence, Valid(Session with { CostGbp = text }).CostPence);

    [Theory]
    [InlineData("9.455")]
    [InlineData("1000000000")]
    public void A_cost_with_fractions_of_a_penny_or_beyond_reason_is_refused(string text) => Assert.Equal(["cost_gbp"], Faults(Session with { CostGbp = text }));

    [Theory]
    [InlineData("0", true)]
    [InlineData("1440", true)]
    [InlineData("1441", false)]
    [InlineData("", false)]
    [InlineData("25.0", true)]
    [InlineData("25.5", false)]
    public void A_session_lasts_whole_minutes_up_to_a_day(string minutes, bool right) => Assert.Equal(right ? [] : ["duration_minutes"], Faults(Session with { DurationMinutes = minutes }));

    [Theory]
    [InlineData("1000000", true)]
    [InlineData("1000001", false)]
    [InlineData("1.5", false)]
    public void Credits_are_whole_and_within_reason(string credits, bool right) => Assert.Equal(right ? [] : ["credits"], Faults(Session with { Credits = credits }));

    [Theory]
    [InlineData("2026-10-01")]
    [InlineData("2026-10-01T09:30:00")]
    [InlineData("2026-10-01 09:30:00Z")]
    [InlineData("2026-03-29T01:30:00")]
    [InlineData("2026-10-25T01:30:00")]
    [InlineData("2026-02-30T09:30:00Z")]
    [InlineData("2026-02-29T09:30:00Z")]
    [InlineData("2026-06-30T23:59:60Z")]
    [InlineData("2026-10-01T24:00:00Z")]
    [InlineData("01/10/2026 09:30")]
    [InlineData("03/04/2026")]
    [InlineData("2026-10-01T09:30:00+25:00")]
    [InlineData("2026-10-01T09:30:00+01:00Z")]
    [InlineData("2026-10-01T9:30:00Z")]
    [InlineData("26-10-01T09:30:00Z")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    [InlineData("1759311000")]
    [InlineData("")]
    public void A_session_needs_an_instant_that_exists_with_its_offset(string at) => Assert.Equal(["occurred_at"], Faults(Session with { OccurredAt = at }));

    [Theory]
    [InlineData("2026-10-01T09:30:00Z", "2026-10-01T09:30:00.000")]
    [InlineData("2026-10-01T09:30Z", "2026-10-01T09:30:00.000")]
    [InlineData("2026-10-01T10:30:00+01:00", "2026-10-01T09:30:00.000")]
    [InlineData("2026-10-01T09:30:00.5Z", "2026-10-01T09:30:00.500")]
    [InlineData("2026-10-31T23:59:59.9999999Z", "2026-10-31T23:59:59.999")]
    public void An_instant_is_kept_in_UTC_to_the_millisecond(string at, string expected) =>
        Assert.Equal(expected, Valid(Session with { OccurredAt = at }).OccurredAt.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("2026-10-01T00:00:00Z")]
    [InlineData("2026-02-30")]
    [InlineData("2026-02-29")]
    [InlineData("31/04/2026")]
    [InlineData("13/13/2026")]
    [InlineData("03/04/2026")]
    [InlineData("2026-1-1")]
    [InlineData("20261001")]
    [InlineData("0001-01-01")]
    [InlineData("9999-12-31")]
    [InlineData("")]
    public void A_top_up_needs_a_day_that_exists_and_can_be_reported(string at) => Assert.Equal(["occurred_at"], Faults(TopUp with { OccurredAt = at }));

    [Theory]
    [InlineData("2026-01-01T00:00:00Z", true)]
    [InlineData("2025-12-31T23:59:59Z", false)]
    [InlineData("2026-01-01T00:30:00+01:00", false)]
    [InlineData("2026-11-22T12:04:00Z", true)]
    [InlineData("2026-11-22T12:05:00Z", true)]
    [InlineData("2026-11-22T12:05:01Z", false)]
    [InlineData("2026-11-22T12:06:00Z", false)]
    public void A_session_lies_between_the_subscriptions_start_and_five_minutes_from_now(string at, bool right) => Assert.Equal(right ? [] : ["occurred_at"], Faults(Session with { OccurredAt = at }));

    [Theory]
    [InlineData("2026-01-01", true)]
    [InlineData("2025-12-31", false)]
    [InlineData("2026-11-22", true)]
    [InlineData("2026-11-23", false)]
    public void A_top_up_lies_between_the_subscriptions_start_and_today(string day, bool right) => Assert.Equal(right ? [] : ["occurred_at"], Faults(TopUp with { OccurredAt = day }));

    [Fact]
    public void What_belongs_to_the_other_kind_is_refused()
    {
        Assert.Equal(["device_id"], Faults(Session with { DeviceId = "1000000001" }));
        Assert.Equal(["identity_note"], Faults(Session with { IdentityNote = "Front desk" }));
        Assert.Equal(["duration_minutes"], Faults(TopUp with { DurationMinutes = "25" }));
    }

    [Fact]
    public void A_session_needs_its_client_and_a_top_up_both_parts_or_neither()
    {
        Assert.Equal(["client_id"], Faults(Session with { ClientId = " " }));
        Assert.Equal(["client_name"], Faults(Session with { ClientName = " " }));
        Assert.Equal(["client_id"], Faults(TopUp with { ClientName = "Ann Client" }));
        Assert.Equal(["client_name"], Faults(TopUp with { ClientId = "C1" }));
        Assert.Equal("Ann Client", Valid(TopUp with { ClientId = "C1", ClientName = "Ann Client" }).ClientName);
    }

    [Theory]
    [InlineData("Connected-Session")]
    [InlineData("session")]
    [InlineData("1")]
    [InlineData("")]
    public void There_are_two_kinds(string kind) => Assert.Equal(["kind"], Faults(Session with { Kind = kind }));

    [Theory]
    [InlineData("123456789")]
    [InlineData("12345678901")]
    [InlineData("12345 7890")]
    [InlineData("12345678९0")]
    [InlineData("")]
    public void A_device_has_ten_digits(string device) => Assert.Equal(["device_id"], Faults(TopUp with { DeviceId = device }));

    [Fact]
    public void A_device_id_keeps_its_leading_zeros() => Assert.Equal("0000000001", Valid(TopUp with { DeviceId = "0000000001" }).DeviceId);

    [Theory]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("Zoë", false)]
    [InlineData("a\tb", false)]
    [InlineData(" E-1_x/2 ", true)]
    public void An_id_is_printable_ASCII_without_spaces(string id, bool right)
    {
        Assert.Equal(right ? [] : ["event_id"], Faults(Session with { EventId = id }));
        Assert.Equal(right ? [] : ["staff_id"], Faults(Session with { StaffId = id }));
        Assert.Equal(right ? [] : ["client_id"], Faults(Session with { ClientId = id }));
    }

    [Fact]
    public void An_id_has_a_hundred_characters_at_most()
    {
        Assert.Empty(Faults(Session with { EventId = new string('E', 100) }));
        Assert.Equal(["event_id"], Faults(Session with { EventId = new string('E', 101) }));
    }

    [Fact]
    public void Names_are_normalised_and_the_note_may_be_empty()
    {
        var record = Valid(TopUp with { StaffName = " Zoe\u0308 \t Staff ", Program = "Trauma\u00A0and PTSD", IdentityNote = "" });
        Assert.Equal(("Zo\u00eb Staff", "Trauma and PTSD", ""), (record.StaffName, record.Program, record.IdentityNote));
        Assert.Equal(["program"], Faults(TopUp with { Program = "" }));
        Assert.Equal(["identity_note"], Faults(TopUp with { IdentityNote = "a\u202Eb" }));
    }

    [Fact]
    public void What_came_in_is_quoted_short_and_on_one_line()
    {
        new UsageValidator(new DateOnly(2026, 1, 1), Now).Validate(Session with { DurationMinutes = "\u001b[31m\r\n" + new string('x', 1_000_000) }, out var faults);
        Assert.InRange(Assert.Single(faults).Message.Length, 1, 200);
        Assert.DoesNotContain(faults[0].Message, char.IsControl);
    }

    private static UsageRecord Valid(UsageInput input)
    {
        var record = new UsageValidator(new DateOnly(2026, 1, 1), Now).Validate(input, out var faults);
        Assert.Empty(faults);
        return record!;
    }

    private static List<string> Faults(UsageInput input)
    {
        var record = new UsageValidator(new DateOnly(2026, 1, 1), Now).Validate(input, out var faults);
        Assert.Equal(faults.Count == 0, record is not null);
        return [.. faults.Select(fault => fault.Field)];
    }
}

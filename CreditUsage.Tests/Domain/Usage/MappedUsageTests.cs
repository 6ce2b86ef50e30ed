using CreditUsage.Domain.Usage;

namespace CreditUsage.Tests.Domain.Usage;

/// <summary>The values of a clinic's own file, rewritten as domain.md has them, and the guess which column is which.</summary>
public sealed class MappedUsageTests
{
    private static readonly UsageInput Session = new("E1", "Session", "2026-10-01 09:30", "S1", "Sam", "C1", "Ann", "Sleep", "", "", "25", "5", "9.45");

    [Theory]
    [InlineData("connected-session", "connected-session")]
    [InlineData(" Connected Session ", "connected-session")]
    [InlineData("SESSIONS", "connected-session")]
    [InlineData("connected sessions", "connected-session")]
    [InlineData("Daily Top-Up", "daily-top-up")]
    [InlineData("daily top ups", "daily-top-up")]
    [InlineData("topups", "daily-top-up")]
    [InlineData("Top-up", "daily-top-up")]
    [InlineData("Something else", "Something else")]
    public void A_kind_is_known_by_its_letters(string text, string kind) => Assert.Equal(kind, Read(Session with { Kind = text, OccurredAt = text.Contains('p', StringComparison.OrdinalIgnoreCase) ? "2026-10-01" : Session.OccurredAt }, new ColumnMapping()).Kind);

    [Fact]
    public void A_mapping_can_name_the_kind_of_every_row()
    {
        Assert.Equal("daily-top-up", Read(Session with { Kind = "", OccurredAt = "1-Oct-26" }, new ColumnMapping { EveryKind = UsageKind.DailyTopUp }).Kind);
        Assert.Equal("connected-session", Read(Session with { Kind = "x" }, new ColumnMapping { EveryKind = UsageKind.ConnectedSession }).Kind);
        Assert.Equal("2026-10-01", Read(Session with { Kind = "topup", OccurredAt = "1-Oct-26" }, new ColumnMapping()).OccurredAt);
    }

    [Theory]
    [InlineData(false, "9.45", "9.45")]
    [InlineData(false, " £9.45 ", "9.45")]
    [InlineData(false, "£1,234.50", "1234.50")]
    [InlineData(false, "1,234,567", "1234567")]
    [InlineData(false, "9.4500", "9.45")]
    [InlineData(false, "9.450", "9.45")]
    [InlineData(false, "9.4501", "9.4501")]
    [InlineData(false, "9,45", "9,45")]
    [InlineData(false, "12,34.50", "12,34.50")]
    [InlineData(true, "9,45", "9.45")]
    [InlineData(true, "1.234,50", "1234.50")]
    [InlineData(true, "1 234,50", "1234.50")]
    [InlineData(true, "1.000", "1000")]
    [InlineData(true, "12", "12")]
    public void Amounts_lose_what_is_only_for_the_eye(bool comma, string text, string read) =>
        Assert.Equal(read, Read(Session with { CostGbp = text }, new ColumnMapping { DecimalComma = comma }).CostGbp);

    [Fact]
    public void A_point_where_the_decimal_sign_is_a_comma_is_refused_rather_than_left_out()
    {
        var faults = new List<UsageFault>();
        var read = new MappedUsage(new ColumnMapping { DecimalComma = true }).Read(Session, faults);
        Assert.Equal("9.45", read.CostGbp);
        Assert.Equal(new UsageFault("cost_gbp", "\"9.45\" has a point, and the decimal sign of this file is a comma; write 9,45."), Assert.Single(faults));
    }

    [Fact]
    public void Minutes_and_credits_are_numbers_too()
    {
        var read = Read(Session with { DurationMinutes = "1,440", Credits = "288.0" }, new ColumnMapping());
        Assert.Equal(("1440", "288.0"), (read.DurationMinutes, read.Credits));
        Assert.Equal("E1", read.EventId);
    }

    [Fact]
    public void Heads_are_guessed_whatever_their_order_case_and_signs()
    {
        var guess = HeadGuess.Of(["COST (£)", "when?", "Therapist", "Therapist No.", "Programme", "Ref", "Type", "Client", "client-id", "Card number", "Minutes", "Remark"]);
        Assert.Equal(
            "client_id=client-id client_name=Client cost_gbp=COST (£) device_id=Card number duration_minutes=Minutes event_id=Ref kind=Type occurred_at=when? program=Programme staff_id=Therapist No. staff_name=Therapist",
            string.Join(' ', guess.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={one.Value}")));
        Assert.Empty(HeadGuess.Of(["Alpha", "Beta"]));
        Assert.Equal(UsageInput.Fields, HeadGuess.Of(UsageInput.Fields).Select(one => one.Key));
        Assert.All(HeadGuess.Of(UsageInput.Fields), one => Assert.Equal(one.Key, one.Value));
    }

    [Fact]
    public void A_mapping_lacks_the_required_fields_that_no_column_is_chosen_for()
    {
        Assert.Equal(ColumnMapping.RequiredFields, new ColumnMapping().Missing());
        var heads = new Dictionary<string, string> { ["event_id"] = "a", ["occurred_at"] = "b", ["staff_id"] = "c", ["staff_name"] = "d", ["program"] = "e" };
        Assert.Equal(["kind"], new ColumnMapping { Heads = heads }.Missing());
        Assert.Empty(new ColumnMapping { Heads = heads, EveryKind = UsageKind.ConnectedSession }.Missing());
    }

    [Theory]
    [InlineData("01/02/2026|13/02/2026", DateStyle.DayFirst)]
    [InlineData("01/02/2026|02/13/2026", DateStyle.MonthFirst)]
    [InlineData("01/02/2026|02/03/2026", DateStyle.Unsaid)]
    [InlineData("13/02/2026|02/13/2026", DateStyle.Unsaid)]
    [InlineData("31.12.2026 09:30", DateStyle.DayFirst)]
    [InlineData("2026-10-13|46296.5||x/y/z", DateStyle.Unsaid)]
    [InlineData("32/02/2026|02/32/2026", DateStyle.Unsaid)]
    [InlineData("13/12/2026", DateStyle.DayFirst)]
    [InlineData("12/13/2026", DateStyle.MonthFirst)]
    public void The_first_dates_tell_how_all_are_written(string values, DateStyle style) => Assert.Equal(style, HeadGuess.Dates(values.Split('|')));

    [Theory]
    [InlineData("9,45|12", true)]
    [InlineData("9,4", true)]
    [InlineData("9.45|1,234.50", false)]
    [InlineData("1,234|12", false)]
    [InlineData("9,45|9.45", false)]
    [InlineData("|12", false)]
    public void The_first_amounts_tell_the_decimal_sign(string values, bool comma) => Assert.Equal(comma, HeadGuess.DecimalComma(values.Split('|')));

    [Theory]
    [InlineData("event_id", "eventid eventno eventnumber eventref reference ref id")]
    [InlineData("kind", "kind type eventtype eventkind usagetype category")]
    [InlineData("occurred_at", "occurredat dategmt datetime dateandtime date when startedat started start starttime timestamp day")]
    [InlineData("staff_id", "staffid staffno staffnumber staffcode staffmemberid therapistid therapistno therapistnumber therapistcode")]
    [InlineData("staff_name", "staffname staffmember staff staffmembername therapistname therapist initiatedby")]
    [InlineData("client_id", "clientid clientno clientnumber clientcode clientref patientid patientno patientnumber")]
    [InlineData("client_name", "clientname client patientname patient")]
    [InlineData("program", "program programname programme programmename")]
    [InlineData("device_id", "deviceid device deviceno devicenumber cardid card cardno cardnumber topupdevice")]
    [InlineData("identity_note", "identitynote identity note notes devicenote cardnote")]
    [InlineData("duration_minutes", "durationminutes durationmins duration minutes mins length")]
    [InlineData("credits", "credits credit creditsused")]
    [InlineData("cost_gbp", "costgbp cost amount amountgbp price")]
    public void Each_of_its_words_alone_is_known_for_a_field_and_the_first_of_two_is_taken(string field, string words)
    {
        var heads = words.Split(' ');
        Assert.All(heads, head => Assert.Equal([KeyValuePair.Create(field, head)], HeadGuess.Of(["Remark", head])));
        Assert.All(heads.Zip(heads.Skip(1)), pair => Assert.Equal(pair.First, HeadGuess.Of([pair.Second, pair.First])[field]));
    }

    private static UsageInput Read(UsageInput input, ColumnMapping mapping)
    {
        var faults = new List<UsageFault>();
        var read = new MappedUsage(mapping).Read(input, faults);
        Assert.Empty(faults);
        return read;
    }
}

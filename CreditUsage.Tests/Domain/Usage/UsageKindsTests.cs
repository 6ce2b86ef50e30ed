using CreditUsage.Domain.Usage;

namespace CreditUsage.Tests.Domain.Usage;

public sealed class UsageKindsTests
{
    [Theory]
    [InlineData(UsageKind.ConnectedSession, "connected-session", "Connected session")]
    [InlineData(UsageKind.DailyTopUp, "daily-top-up", "Daily top-up")]
    public void A_kind_has_a_code_for_files_and_a_label_for_people(UsageKind kind, string code, string label) => Assert.Equal((code, label), (kind.Code(), kind.Label()));

    [Theory]
    [InlineData(UsageKind.ConnectedSession, 11, null, 3)]
    [InlineData(UsageKind.ConnectedSession, null, null, 1)]
    [InlineData(UsageKind.ConnectedSession, 11, 7, 7)]
    [InlineData(UsageKind.DailyTopUp, null, null, 1)]
    [InlineData(UsageKind.DailyTopUp, null, 0, 0)]
    public void Credits_that_are_stated_count_and_the_rule_decides_otherwise(UsageKind kind, int? minutes, int? stated, int due)
    {
        var record = new UsageRecord("E1", kind, new DateTimeOffset(2026, 10, 1, 23, 59, 0, TimeSpan.Zero), "S1", "Staff", null, null, "Program", null, null, minutes, stated, null);
        Assert.Equal((due, new DateOnly(2026, 10, 1)), (record.CreditsDue, record.ServiceDate));
    }

    [Fact]
    public void A_files_columns_have_their_fixed_order()
    {
        Assert.Equal(
            "event_id,kind,occurred_at,staff_id,staff_name,client_id,client_name,program,device_id,identity_note,duration_minutes,credits,cost_gbp", string.Join(',', UsageInput.Fields));
        Assert.Equal("device_id,program,client_id,client_name,identity_note,staff_id,staff_name,first_day,last_day", string.Join(',', ScheduleInput.Fields));
    }

    [Fact]
    public void A_schedule_reads_each_field_by_its_name_and_begins_with_all_of_them()
    {
        Assert.Equal(
            new ScheduleInput("<device_id>", "<program>", "<client_id>", "<client_name>", "<identity_note>", "<staff_id>", "<staff_name>", "<first_day>", "<last_day>"),
            ScheduleInput.From(name => $"<{name}>"));
        Assert.Equal(new ScheduleInput("", "", "", "", "", "", "", "", ""), ScheduleInput.From(_ => null));

        var at = new DateTimeOffset(2026, 10, 1, 9, 0, 0, TimeSpan.Zero);
        var begun = new ScheduleTerms("1000000001", "Sleep", "C1", "Client", "note", "S1", "Staff", new DateOnly(2026, 10, 2), new DateOnly(2026, 10, 9)).Begin(3, at, "a@clinic.example");
        Assert.Equal(
            (3, "1000000001", "Sleep", "C1", "Client", "note", "S1", "Staff", new DateOnly(2026, 10, 2), new DateOnly(2026, 10, 9), at, "a@clinic.example"),
            (begun.SubscriptionId, begun.DeviceId, begun.Program, begun.ClientId, begun.ClientName, begun.IdentityNote, begun.StaffId, begun.StaffName, begun.FirstDay, begun.LastDay, begun.RecordedAt, begun.RecordedBy));
    }
}

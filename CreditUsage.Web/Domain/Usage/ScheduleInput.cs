namespace CreditUsage.Domain.Usage;

/// <summary>One top-up schedule as it came in, field by field, before anything is known to be right. Fields are named as those of a usage event.</summary>
public sealed record ScheduleInput(
    string DeviceId,
    string Program,
    string ClientId,
    string ClientName,
    string IdentityNote,
    string StaffId,
    string StaffName,
    string FirstDay,
    string LastDay)
{
    /// <summary>The names of the fields in forms, calls and messages, in order.</summary>
    public static readonly IReadOnlyList<string> Fields =
        ["device_id", "program", "client_id", "client_name", "identity_note", "staff_id", "staff_name", "first_day", "last_day"];

    /// <param name="read">What came in for a field of <see cref="Fields"/>; null is the same as nothing.</param>
    public static ScheduleInput From(Func<string, string?> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        string Field(string name) => read(name) ?? "";
        return new ScheduleInput(
            Field("device_id"), Field("program"), Field("client_id"), Field("client_name"), Field("identity_note"), Field("staff_id"), Field("staff_name"), Field("first_day"), Field("last_day"));
    }
}

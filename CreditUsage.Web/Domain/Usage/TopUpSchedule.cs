using System.Globalization;

namespace CreditUsage.Domain.Usage;

/// <summary>Gives a device one top-up for each day from the first to the last, or for every day from the first on.</summary>
public sealed class TopUpSchedule : IOwnedBySubscription
{
    /// <summary>The last day of a schedule that has none: later than any that can be asked for.</summary>
    public static readonly DateOnly NoLastDay = DateOnly.MaxValue;

    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required string DeviceId { get; init; }

    public required string Program { get; init; }

    public required string StaffId { get; init; }

    public required string StaffName { get; init; }

    /// <summary>Null for a card that several share.</summary>
    public string? ClientId { get; init; }

    public string? ClientName { get; init; }

    /// <summary>Replaces the client on a shared card. May be empty.</summary>
    public required string IdentityNote { get; init; }

    public required DateOnly FirstDay { get; init; }

    /// <summary>Inclusive; <see cref="NoLastDay"/> where it goes on until it is ended. Ending the schedule brings it forward.</summary>
    public required DateOnly LastDay { get; set; }

    public required DateTimeOffset RecordedAt { get; init; }

    public required string RecordedBy { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    public string? EndedBy { get; set; }

    public bool HasLastDay => LastDay != NoLastDay;
}

public sealed record ScheduleTerms(
    string DeviceId,
    string Program,
    string? ClientId,
    string? ClientName,
    string IdentityNote,
    string StaffId,
    string StaffName,
    DateOnly FirstDay,
    DateOnly LastDay)
{
    public TopUpSchedule Begin(int subscriptionId, DateTimeOffset at, string by) => new()
    {
        SubscriptionId = subscriptionId,
        DeviceId = DeviceId,
        Program = Program,
        ClientId = ClientId,
        ClientName = ClientName,
        IdentityNote = IdentityNote,
        StaffId = StaffId,
        StaffName = StaffName,
        FirstDay = FirstDay,
        LastDay = LastDay,
        RecordedAt = at,
        RecordedBy = by,
    };
}

/// <summary>A top-up schedule as received, unchecked. Fields are named as those of usage.</summary>
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
    public static readonly IReadOnlyList<string> Fields =
        ["device_id", "program", "client_id", "client_name", "identity_note", "staff_id", "staff_name", "first_day", "last_day"];

    public static ScheduleInput From(Func<string, string?> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        string Field(string name) => read(name) ?? "";
        return new ScheduleInput(
            Field("device_id"), Field("program"), Field("client_id"), Field("client_name"), Field("identity_note"), Field("staff_id"), Field("staff_name"), Field("first_day"), Field("last_day"));
    }
}

public sealed class ScheduleValidator(DateOnly startsOn) : FieldRules
{
    /// <summary>A last day further off is taken for a mistake.</summary>
    public const int MaxYears = 10;

    public ScheduleTerms? Validate(ScheduleInput input, out IReadOnlyList<UsageFault> faults)
    {
        ArgumentNullException.ThrowIfNull(input);
        var hasClient = input.ClientId.Trim().Length > 0 || input.ClientName.Trim().Length > 0;
        var terms = new ScheduleTerms(
            Device(input.DeviceId),
            Name("program", input.Program, required: true),
            hasClient ? Id("client_id", input.ClientId) : null,
            hasClient ? Name("client_name", input.ClientName, required: true) : null,
            Name("identity_note", input.IdentityNote, required: false),
            Id("staff_id", input.StaffId),
            Name("staff_name", input.StaffName, required: true),
            Day("first_day", input.FirstDay) ?? default,
            input.LastDay.Trim().Length == 0 ? TopUpSchedule.NoLastDay : Day("last_day", input.LastDay) ?? default);
        if (terms.FirstDay != default) InOrder(terms);
        return TakeFaults(out faults) ? null : terms;
    }

    private void InOrder(ScheduleTerms terms)
    {
        if (terms.FirstDay < startsOn) Fault("first_day", $"This is before the subscription's start; write {startsOn:yyyy-MM-dd} or a later day.");
        if (terms.LastDay == default || terms.LastDay == TopUpSchedule.NoLastDay) return;
        if (terms.LastDay < terms.FirstDay) Fault("last_day", "This is before the first day; write the first day or a later one.");
        else if (terms.LastDay.DayNumber - terms.FirstDay.DayNumber > MaxYears * 366) Fault("last_day", $"This is more than {MaxYears} years after the first day; write an earlier one.");
    }

    private DateOnly? Day(string field, string raw)
    {
        if (DateOnly.TryParseExact(raw.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day != default) return day;
        Fault(field, raw.Trim().Length == 0 ? "This is empty; write the day." : $"{Quote(raw)} is not a day; write one such as 2026-10-01.");
        return null;
    }
}

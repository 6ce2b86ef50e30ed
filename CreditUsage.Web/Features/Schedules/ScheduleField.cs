using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.Schedules;

/// <summary>One field of a form about a schedule, as it was left and with what is wrong with it.</summary>
/// <param name="Name">One of <see cref="ScheduleInput.Fields"/>; also its id on the page.</param>
public sealed record ScheduleField(string Name, string Value, IReadOnlyList<UsageFault> Faults, string? Hint = null, string Type = "text")
{
    private static readonly Dictionary<string, string> Labels = new()
    {
        ["device_id"] = "Device id",
        ["program"] = "Program",
        ["client_id"] = "Client id",
        ["client_name"] = "Client name",
        ["identity_note"] = "Identity note",
        ["staff_id"] = "Staff id",
        ["staff_name"] = "Staff name",
        ["first_day"] = "First day",
        ["last_day"] = "Last day",
        ["from"] = "From",
    };

    public string Label => LabelOf(Name);

    public UsageFault? Fault => Faults.FirstOrDefault(fault => fault.Field == Name);

    /// <summary>The hint and the fault, where they are there.</summary>
    public string? DescribedBy
    {
        get
        {
            var ids = string.Join(' ', new[] { Hint is null ? null : $"{Name}-hint", Fault is null ? null : $"{Name}-fault" }.Where(id => id is not null));
            return ids.Length == 0 ? null : ids;
        }
    }

    public static string LabelOf(string field) => Labels[field];
}

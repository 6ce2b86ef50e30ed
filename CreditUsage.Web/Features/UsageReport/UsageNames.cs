using CreditUsage.Data;
using CreditUsage.Domain;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.UsageReport;

/// <summary>The names of a subscription by id, read once for a report.</summary>
internal sealed class UsageNames
{
    private readonly Dictionary<int, string> _staff;
    private readonly Dictionary<int, string> _clients;
    private readonly Dictionary<int, string> _programs;
    private readonly Dictionary<int, (string Id, string Note)> _devices;

    private UsageNames(Dictionary<int, string> staff, Dictionary<int, string> clients, Dictionary<int, string> programs, Dictionary<int, (string Id, string Note)> devices) =>
        (_staff, _clients, _programs, _devices) = (staff, clients, programs, devices);

    public static async Task<UsageNames> LoadAsync(CreditUsageDb db, CancellationToken cancellation) => new(
        await db.StaffMembers.Select(staff => new { staff.Id, staff.Name }).ToDictionaryAsync(staff => staff.Id, staff => staff.Name, cancellation),
        await db.Clients.Select(client => new { client.Id, client.Name }).ToDictionaryAsync(client => client.Id, client => client.Name, cancellation),
        await db.Programs.Select(program => new { program.Id, program.Name }).ToDictionaryAsync(program => program.Id, program => program.Name, cancellation),
        await db.TopUpDevices.Select(device => new { device.Id, device.DeviceId, device.IdentityNote })
            .ToDictionaryAsync(device => device.Id, device => (device.DeviceId, device.IdentityNote), cancellation));

    public UsageRow Row(FoundUsage found)
    {
        (string? Id, string? Note) device = found.DeviceId is { } deviceId ? _devices[deviceId] : (null, null);
        return new UsageRow(
            found.EventId, found.Kind, found.ServiceDate, found.OccurredAt, _staff[found.StaffId], found.ClientId is { } client ? _clients[client] : null,
            _programs[found.ProgramId], device.Id, device.Note, found.DurationMinutes, found.Credits, found.UnitPriceMicros, found.CostPence);
    }
}

/// <summary>An event as the month's index holds it, with ids for names.</summary>
internal sealed record FoundUsage(
    string EventId,
    UsageKind Kind,
    DateOnly ServiceDate,
    DateTimeOffset OccurredAt,
    int StaffId,
    int? ClientId,
    int ProgramId,
    int? DeviceId,
    int? DurationMinutes,
    int Credits,
    long? UnitPriceMicros,
    long? CostPence);

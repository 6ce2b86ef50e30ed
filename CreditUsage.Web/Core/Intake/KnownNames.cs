using System.Collections.Concurrent;
using CreditUsage.Data;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Intake;

/// <summary>
/// The ids of a subscription's names: of those that are committed, since a name once recorded keeps its row for good. Other processes
/// add names too, so one that is not here may be in the database.
/// </summary>
public sealed class KnownNames
{
    internal ConcurrentDictionary<(string Id, string Name), int> Staff { get; } = new();

    internal ConcurrentDictionary<(string Id, string Name), int> Clients { get; } = new();

    internal ConcurrentDictionary<(string Id, string Note), int> Devices { get; } = new();

    internal ConcurrentDictionary<string, int> Programs { get; } = new();

    /// <summary>Every name of the current subscription. Call it before anything is added in the same transaction.</summary>
    public static async Task<KnownNames> LoadAsync(CreditUsageDb db, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var names = new KnownNames();
        foreach (var staff in await db.StaffMembers.AsNoTracking().ToListAsync(cancellation)) names.Staff[(staff.StaffId, staff.Name)] = staff.Id;
        foreach (var client in await db.Clients.AsNoTracking().ToListAsync(cancellation)) names.Clients[(client.ClientId, client.Name)] = client.Id;
        foreach (var device in await db.TopUpDevices.AsNoTracking().ToListAsync(cancellation)) names.Devices[(device.DeviceId, device.IdentityNote)] = device.Id;
        foreach (var program in await db.Programs.AsNoTracking().ToListAsync(cancellation)) names.Programs[program.Name] = program.Id;
        return names;
    }
}

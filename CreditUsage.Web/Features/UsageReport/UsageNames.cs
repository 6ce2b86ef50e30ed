using System.Globalization;
using CreditUsage.Data;
using CreditUsage.Domain;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.UsageReport;

/// <summary>The names of a subscription by id, read once for a report.</summary>
internal sealed class UsageNames
{
    private const string HiddenProgram = "Program hidden";

    private readonly Dictionary<int, string> _staff;
    private readonly Dictionary<int, string> _clients;
    private readonly Dictionary<int, string> _programs;
    private readonly Dictionary<int, (string Id, string Note)> _devices;
    private readonly Dictionary<string, UsageCorrection> _corrections;
    private readonly UsageMonth _month;

    private UsageNames(
        UsageMonth month,
        Dictionary<int, string> staff,
        Dictionary<int, string> clients,
        Dictionary<int, string> programs,
        Dictionary<int, (string Id, string Note)> devices,
        Dictionary<string, UsageCorrection> corrections) =>
        (_month, _staff, _clients, _programs, _devices, _corrections) = (month, staff, clients, programs, devices, corrections);

    /// <param name="db">Within a subscription.</param>
    /// <param name="filter">The report's: its month's corrections are read too, and an accountant's copy gets no names of clients.</param>
    /// <param name="corrected">Whether there may be any.</param>
    public static async Task<UsageNames> LoadAsync(CreditUsageDb db, UsageReportFilter filter, bool corrected, CancellationToken cancellation) => new(
        filter.Month,
        await db.StaffMembers.Select(staff => new { staff.Id, staff.Name }).ToDictionaryAsync(staff => staff.Id, staff => staff.Name, cancellation),
        filter.ForAccountant ? await ClientCodesAsync(db, cancellation) : await db.Clients.Select(client => new { client.Id, client.Name }).ToDictionaryAsync(client => client.Id, client => client.Name, cancellation),
        await db.Programs.Select(program => new { program.Id, Name = filter.ProgramsHidden ? HiddenProgram : program.Name }).ToDictionaryAsync(program => program.Id, program => program.Name, cancellation),
        // A card's note often is its client's name.
        await db.TopUpDevices.Select(device => new { device.Id, device.DeviceId, Note = filter.ForAccountant ? "" : device.IdentityNote })
            .ToDictionaryAsync(device => device.Id, device => (device.DeviceId, device.Note), cancellation),
        corrected ? await CorrectionsAsync(db, filter, cancellation) : []);

    /// <summary>A client's code is the same in every month and under every name: the number of the first row that its own id ever had.</summary>
    private static async Task<Dictionary<int, string>> ClientCodesAsync(CreditUsageDb db, CancellationToken cancellation)
    {
        var clients = await db.Clients.Select(client => new { client.Id, client.ClientId }).ToListAsync(cancellation);
        var firsts = clients.GroupBy(client => client.ClientId, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.Min(client => client.Id), StringComparer.Ordinal);
        return clients.ToDictionary(client => client.Id, client => string.Create(CultureInfo.InvariantCulture, $"Client {firsts[client.ClientId]:D4}"));
    }

    private static Task<Dictionary<string, UsageCorrection>> CorrectionsAsync(CreditUsageDb db, UsageReportFilter filter, CancellationToken cancellation) =>
        (from correction in db.UsageEvents
         where correction.CorrectsId != null && correction.ReportMonth == filter.Month
         join original in db.UsageEvents on correction.CorrectsId equals original.Id
         select new { correction.EventId, Correction = new UsageCorrection(correction.Correction!.Value, original.EventId, filter.ForAccountant ? "" : correction.Reason ?? "") })
        .ToDictionaryAsync(found => found.EventId, found => found.Correction, cancellation);

    public UsageRow Row(FoundUsage found)
    {
        (string? Id, string? Note) device = found.DeviceId is { } deviceId ? _devices[deviceId] : (null, null);
        return new UsageRow(
            found.EventId, found.Kind, found.ServiceDate, found.OccurredAt, _staff[found.StaffId], found.ClientId is { } client ? _clients[client] : null,
            _programs[found.ProgramId], device.Id, device.Note, found.DurationMinutes, found.Credits, found.UnitPriceMicros, found.CostPence)
        {
            StaffMemberId = found.StaffId,
            ClientId = found.ClientId,
            ProgramId = found.ProgramId,
            Correction = found.Correction is null ? null : _corrections[found.EventId],
            BelongsTo = _month.Contains(found.ServiceDate) ? null : UsageMonth.Of(found.ServiceDate),
        };
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
    long? CostPence,
    CorrectionKind? Correction);

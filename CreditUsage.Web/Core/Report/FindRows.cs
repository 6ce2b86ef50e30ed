using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Core.Report;

/// <summary>Makes rows of what the month's index holds.</summary>
/// <param name="Names">Of the whole subscription.</param>
internal sealed record FindRows(UsageReportFilter Filter, UsageNames Names)
{
    public UsageRow Row(FoundUsage found)
    {
        var device = Names.Of(NameKind.Device, found.DeviceId);
        return new UsageRow(
            found.EventId, found.Kind, found.ServiceDate, found.OccurredAt, Names.Of(NameKind.Staff, found.StaffId)!.Name, Names.Of(NameKind.Client, found.ClientId)?.Name,
            Names.Of(NameKind.Program, found.ProgramId)!.Name, device?.Owner, device?.Name, found.DurationMinutes, found.Credits, found.UnitPriceMicros, found.CostPence)
        {
            StaffMemberId = found.StaffId,
            ClientId = found.ClientId,
            ProgramId = found.ProgramId,
            TopUpDeviceId = found.DeviceId,
            Correction = found.Correction is { } kind ? new UsageCorrection(kind, found.CorrectsEventId!, Filter.ForAccountant ? "" : found.Reason ?? "") : null,
            BelongsTo = Filter.Month.Contains(found.ServiceDate) ? null : UsageMonth.Of(found.ServiceDate),
        };
    }
}

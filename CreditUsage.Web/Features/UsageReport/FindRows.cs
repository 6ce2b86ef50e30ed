using CreditUsage.Data;
using CreditUsage.Domain;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.UsageReport;

/// <summary>Makes rows of what the month's index holds.</summary>
/// <param name="Names">Of the whole subscription.</param>
/// <param name="Corrections">What the month's corrections put right, by their event ids.</param>
internal sealed record FindRows(UsageMonth Month, UsageNames Names, IReadOnlyDictionary<string, UsageCorrection> Corrections)
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
            Correction = found.Correction is null ? null : Corrections[found.EventId],
            BelongsTo = Month.Contains(found.ServiceDate) ? null : UsageMonth.Of(found.ServiceDate),
        };
    }

    public static Task<Dictionary<string, UsageCorrection>> CorrectionsAsync(CreditUsageDb db, UsageReportFilter filter, CancellationToken cancellation) =>
        (from correction in db.UsageEvents
         where correction.CorrectsId != null && correction.ReportMonth == filter.Month
         join original in db.UsageEvents on correction.CorrectsId equals original.Id
         select new { correction.EventId, Correction = new UsageCorrection(correction.Correction!.Value, original.EventId, filter.ForAccountant ? "" : correction.Reason ?? "") })
        .ToDictionaryAsync(found => found.EventId, found => found.Correction, cancellation);
}

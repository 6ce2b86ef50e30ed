using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Corrections;

/// <summary>A correction in the list of the latest.</summary>
/// <param name="EventId">The event that it points at.</param>
public sealed record LatestCorrection(string EventId, UsageMonth ShownIn, DateOnly ServiceDate, CorrectionKind Kind, int Credits, long? CostPence, string Reason, DateTimeOffset RecordedAt, string RecordedBy)
{
    /// <summary>The latest first.</summary>
    public static async Task<IReadOnlyList<LatestCorrection>> ListAsync(CreditUsageDb db, int most, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        return await (from correction in db.UsageEvents.AsNoTracking()
                      where correction.CorrectsId != null
                      join original in db.UsageEvents on correction.CorrectsId equals original.Id
                      join intake in db.UsageIntakes on correction.IntakeId equals intake.Id
                      orderby correction.Id descending
                      select new LatestCorrection(
                          original.EventId, correction.ReportMonth, correction.ServiceDate, correction.Correction!.Value, correction.Credits, correction.CostPence, correction.Reason ?? "", intake.RecordedAt, intake.RecordedBy))
            .Take(most).ToListAsync(cancellation);
    }
}

using CreditUsage.Data;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.CheckRows;

/// <summary>What an event comes to after all its corrections.</summary>
internal sealed record CorrectedFigures(long Minutes, long Credits, long CostPence)
{
    public static readonly CorrectedFigures Nothing = new(0, 0, 0);

    /// <summary>Of the events that a month's corrections point at, by their ids; in one command.</summary>
    public static async Task<IReadOnlyDictionary<string, CorrectedFigures>> OfMonthAsync(CreditUsageDb db, UsageMonth month, CancellationToken cancellation)
    {
        var pointedAt = db.UsageEvents.Where(correction => correction.ReportMonth == month && correction.CorrectsId != null).Select(correction => correction.CorrectsId);
        return await db.UsageEvents.Where(original => pointedAt.Contains(original.Id)).Select(original => new
        {
            original.EventId,
            Figures = new CorrectedFigures(
                (original.DurationMinutes ?? 0) + db.UsageEvents.Where(correction => correction.CorrectsId == original.Id).Sum(correction => (long)(correction.DurationMinutes ?? 0)),
                original.Credits + db.UsageEvents.Where(correction => correction.CorrectsId == original.Id).Sum(correction => (long)correction.Credits),
                (original.CostPence ?? 0) + db.UsageEvents.Where(correction => correction.CorrectsId == original.Id).Sum(correction => correction.CostPence ?? 0)),
        }).ToDictionaryAsync(found => found.EventId, found => found.Figures, cancellation);
    }
}

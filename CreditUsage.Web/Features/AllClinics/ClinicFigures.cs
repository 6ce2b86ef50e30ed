using CreditUsage.Core.Closing;
using CreditUsage.Core.Ledger;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Platform.Security;

namespace CreditUsage.Features.AllClinics;

/// <summary>One clinic's line, from one snapshot of it.</summary>
/// <param name="Last">The last complete month; null before there is one.</param>
/// <param name="State">Of the last complete month, in words.</param>
/// <param name="Difference">That it does not add up to what was kept of it when it was closed; null where it does.</param>
public sealed record ClinicLine(OwnClinic Clinic, ClinicMonth SoFar, ClinicMonth? Last, string? State, string? Difference, long CreditsLeft, CreditForecast Forecast);

/// <param name="CostPence">Null where it is withheld.</param>
public sealed record ClinicMonth(UsageMonth Month, long Credits, long? CostPence);

/// <summary>Reads the figures of the clinic of this scope, as Home and the list of months show them.</summary>
public sealed class ClinicFigures(CreditUsageDb db, CreditStatusQuery standing, UsageSums sums, MonthChecklist checklist, TimeProvider clock)
{
    public async Task<ClinicLine> RunAsync(OwnClinic clinic, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var current = UsageMonth.Of(now);
        await db.BeginSnapshotAsync(cancellation);
        var days = (await sums.ByDayAsync(current.Previous, cancellation)).ToLookup(day => day.Month);
        var credits = await standing.RunAsync(now, cancellation);
        ClinicMonth? last = current.Previous < UsageMonth.Of(credits.StartsOn) ? null : Of(current.Previous);
        return new(
            clinic, Of(current), last, last is null ? null : await StateAsync(last.Month, credits, now, cancellation),
            credits.Closed.Find(current.Previous) is { } closing ? KeptTotals.Difference([closing], month => TotalsOf(days[month])) : null, credits.Available, credits.Forecast);

        ClinicMonth Of(UsageMonth month) => new(month, days[month].Sum(day => day.Credits), TotalsOf(days[month]).CostPence);
    }

    private static MonthTotals TotalsOf(IEnumerable<DaySum> days)
    {
        var all = days.ToList();
        return new(all.Sum(day => day.Events), all.Sum(day => day.Corrections), all.Sum(day => day.Credits), all.Any(day => day.Unpriced > 0) ? null : all.Sum(day => day.KnownCostPence));
    }

    private async Task<string> StateAsync(UsageMonth month, CreditStatus credits, DateTimeOffset now, CancellationToken cancellation)
    {
        var state = credits.Closed.StateOf(month, now);
        var isNext = month == (credits.Closed.Latest?.Next ?? UsageMonth.Of(credits.StartsOn));
        return !state.IsClosed && isNext && (await checklist.OfAsync(month, cancellation)).All(item => item.Outcome != CheckOutcome.Missing) ? "Ready to close" : state.Label;
    }
}

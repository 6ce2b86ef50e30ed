using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.CheckRows;

public sealed class VerifiedMonth(CreditUsageReport report)
{
    /// <summary>How many rows of each kind are listed; the others are only counted.</summary>
    public const int MaxListed = 200;

    private readonly List<VerifiedRow> _wrong = [];
    private readonly List<VerifiedRow> _stated = [];

    public CreditUsageReport Report => report;

    public int Events { get; private set; }

    public int Corrections { get; private set; }

    public IReadOnlyList<VerifiedRow> Wrong => _wrong;

    public int WrongCount { get; private set; }

    /// <summary>The first rows whose stated credits or cost differ from the recomputed ones; they keep what they state.</summary>
    public IReadOnlyList<VerifiedRow> Stated => _stated;

    public int StatedCount { get; private set; }

    /// <summary>Events that stated their own cost (domain.md rule 4).</summary>
    public int StatedCost { get; private set; }

    /// <summary>Events with a stated cost on whose day no price is valid, so that nothing can be compared.</summary>
    public int Incomparable { get; private set; }

    /// <summary>Events without a cost, because no price is valid on their day.</summary>
    public int Withheld { get; private set; }

    public long CostPence { get; private set; }

    public bool AddsUp => (CostPence, Credits, Events, Corrections) == (report.All.KnownCostPence, report.All.Credits, report.All.Events, report.All.Corrections);

    public string Sentence => WrongCount > 0
        ? $"{Display.Count(WrongCount, "row is", "rows are")} wrong, of {Counted}."
        : Events + Corrections == 0 ? "There is nothing to check in this month." : $"All {Counted} are right.";

    private long Credits { get; set; }

    private string Counted => Display.Count(Events, "event", "events") + (Corrections == 0 ? "" : $" and {Display.Count(Corrections, "correction", "corrections")}");

    internal void Add(UsageRow row, RowVerdict verdict)
    {
        if (row.Correction is null) Events++;
        else Corrections++;
        (CostPence, Credits) = (CostPence + (row.CostPence ?? 0), Credits + row.Credits);
        if (verdict.StatedCost) StatedCost++;
        if (verdict.Incomparable) Incomparable++;
        if (verdict.Withheld) Withheld++;
        if (verdict.Wrong is { } wrong && ++WrongCount <= MaxListed) _wrong.Add(new(row, wrong));
        if (verdict.Stated is { } stated && ++StatedCount <= MaxListed) _stated.Add(new(row, stated));
    }
}

public sealed class VerifyMonth(ReportQuery query, CreditUsageDb db)
{
    public async Task<VerifiedMonth> RunAsync(ReportFilter filter, CancellationToken cancellation)
    {
        var verified = new VerifiedMonth(await query.OpenOnScreenAsync(filter, cancellation));
        var prices = await db.CreditPrices.AsNoTracking().ToListAsync(cancellation);
        var corrected = verified.Report.All.Corrections == 0 ? new Dictionary<string, CorrectedFigures>() : await CorrectedFigures.OfMonthAsync(db, filter.Month, cancellation);
        var repriced = await db.Repricings.AsNoTracking().Where(repricing => repricing.State == RepricingState.Done).ToListAsync(cancellation);
        var verify = new VerifyRow(prices, repriced, corrected);
        await foreach (var row in verified.Report.RowsAsync(cancellation)) verified.Add(row, verify.Of(row));
        return verified;
    }
}

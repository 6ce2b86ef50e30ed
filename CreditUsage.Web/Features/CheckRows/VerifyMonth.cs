using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.CheckRows;

/// <summary>What came of recomputing every event of a month.</summary>
/// <param name="report">The month's report, whose totals the rows were added up to.</param>
public sealed class VerifiedMonth(CreditUsageReport report)
{
    /// <summary>Rows of a kind that are listed; the others are only counted.</summary>
    public const int MaxListed = 200;

    private readonly List<VerifiedRow> _wrong = [];
    private readonly List<VerifiedRow> _stated = [];

    public CreditUsageReport Report => report;

    /// <summary>Usage events that were looked at.</summary>
    public int Events { get; private set; }

    /// <summary>Corrections that were looked at.</summary>
    public int Corrections { get; private set; }

    /// <summary>Rows that do not agree, and why; the first of them.</summary>
    public IReadOnlyList<VerifiedRow> Wrong => _wrong;

    /// <summary>How many do not agree.</summary>
    public int WrongCount { get; private set; }

    /// <summary>Rows that stated their own credits or cost, other than what is recomputed, and keep it; the first of them.</summary>
    public IReadOnlyList<VerifiedRow> Stated => _stated;

    /// <summary>How many keep what they stated though it is something else.</summary>
    public int StatedCount { get; private set; }

    /// <summary>Events that stated their own cost (domain.md rule 4).</summary>
    public int StatedCost { get; private set; }

    /// <summary>Of those, the ones on whose day no price is valid, so that there is nothing to compare with.</summary>
    public int Incomparable { get; private set; }

    /// <summary>Events without a cost, since no price is valid on their day.</summary>
    public int Withheld { get; private set; }

    /// <summary>The sum of the rows' own pence, added up here.</summary>
    public long CostPence { get; private set; }

    /// <summary>Whether the rows add up to the totals of the report.</summary>
    public bool AddsUp => (CostPence, Credits, Events, Corrections) == (report.All.KnownCostPence, report.All.Credits, report.All.Events, report.All.Corrections);

    /// <summary>"All 1,260 events agree", with the corrections where there are any; or how many do not.</summary>
    public string Sentence => WrongCount > 0
        ? $"{Display.Count(WrongCount, "row does", "rows do")} not agree, of {Counted}."
        : Events + Corrections == 0 ? "There is nothing to verify in this month." : $"All {Counted} agree.";

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

/// <summary>Recomputes every event of a month, row by row as the report reads them, and adds them up.</summary>
public sealed class VerifyMonth(ReportQuery query, CreditUsageDb db)
{
    public async Task<VerifiedMonth> RunAsync(ReportFilter filter, CancellationToken cancellation)
    {
        var verified = new VerifiedMonth(await query.OpenAsync(filter, cancellation));
        var prices = await db.CreditPrices.AsNoTracking().ToListAsync(cancellation);
        var corrected = verified.Report.All.Corrections == 0 ? new Dictionary<string, CorrectedFigures>() : await CorrectedFigures.OfMonthAsync(db, filter.Month, cancellation);
        var verify = new VerifyRow(prices, corrected);
        await foreach (var row in verified.Report.RowsAsync(cancellation)) verified.Add(row, verify.Of(row));
        return verified;
    }
}

using CreditUsage.Core.Report;
using CreditUsage.Data;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.CheckRows;

/// <summary>Recomputes every event of a month, row by row as the report reads them, and adds them up.</summary>
public sealed class VerifyMonth(UsageReportQuery query, CreditUsageDb db)
{
    public async Task<VerifiedMonth> RunAsync(UsageReportFilter filter, CancellationToken cancellation)
    {
        var verified = new VerifiedMonth(await query.RunAsync(filter, cancellation));
        var prices = await db.CreditPrices.AsNoTracking().ToListAsync(cancellation);
        var corrected = verified.Report.All.Corrections == 0 ? new Dictionary<string, CorrectedFigures>() : await CorrectedFigures.OfMonthAsync(db, filter.Month, cancellation);
        var verify = new VerifyRow(prices, corrected);
        await foreach (var row in query.RowsAsync(filter, cancellation)) verified.Add(row, verify.Of(row));
        return verified;
    }
}

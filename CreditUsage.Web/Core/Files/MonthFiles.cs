using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;

namespace CreditUsage.Core.Files;

/// <summary>The files of a month for other features.</summary>
public sealed class MonthFiles(ReportQuery query, CreditUsageDb db)
{
    public async Task WriteCsvAsync(UsageMonth month, Stream stream, CancellationToken cancellation)
    {
        var filter = new ReportFilter(month, Sessions: true, TopUps: true, UsageSort.Default);
        await query.RunAsync(filter, cancellation);
        try
        {
            await UsageCsv.WriteAsync(stream, filter.Columns, query.RowsAsync(filter, cancellation), cancellation);
        }
        finally
        {
            await db.EndSnapshotAsync();
        }
    }
}

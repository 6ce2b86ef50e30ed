using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;

namespace CreditUsage.Core.Files;

public sealed class MonthFiles(ReportQuery query)
{
    public async Task WriteCsvAsync(UsageMonth month, Stream stream, CancellationToken cancellation)
    {
        var report = await query.OpenAsync(ReportFilter.Whole(month), cancellation);
        try
        {
            await UsageCsv.WriteAsync(stream, report.Filter.Columns, report.RowsAsync(cancellation), cancellation);
        }
        finally
        {
            await report.EndAsync();
        }
    }
}

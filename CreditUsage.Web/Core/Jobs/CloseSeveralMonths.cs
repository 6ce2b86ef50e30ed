using CreditUsage.Core.Closing;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform;
using CreditUsage.Platform.Pdf;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Jobs;

/// <summary>Closes months one after the other, each in its own transaction: whatever stops it, those before stay closed and another run goes on after them.</summary>
public sealed class CloseSeveralMonths(CloseMonth closeMonth, CreditUsageDb db)
{
    /// <returns>The report of the last month.</returns>
    /// <exception cref="UserFacingException">A month cannot be closed; the message names it and says how many were.</exception>
    public async Task<SavedReport> RunAsync(UsageMonth first, UsageMonth last, string? note, IProgress<int> rowsDone, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rowsDone);
        var rows = await RowsAsync(first, last, cancellation);
        var done = 0;
        for (var month = first; month <= last; month = month.Next)
        {
            cancellation.ThrowIfCancellationRequested();
            // Nothing of the month before is needed, and a year of rows would stay in memory.
            db.ChangeTracker.Clear();
            if (!(await db.ClosedMonthsAsync(cancellation)).IsClosed(month)) await CloseAsync(month, first, last, note, new RowsBefore(done, rowsDone), cancellation);
            rowsDone.Report(done += rows.GetValueOrDefault(month));
        }
        return await (from closing in db.MonthClosings
                      where closing.Month == last && closing.ReopenedAt == null
                      join report in db.SavedReports on closing.SavedReportId equals report.Id
                      select report).AsNoTracking().SingleAsync(CancellationToken.None);
    }

    private Task<Dictionary<UsageMonth, int>> RowsAsync(UsageMonth first, UsageMonth last, CancellationToken cancellation) =>
        db.UsageEvents.Where(usage => usage.ReportMonth >= first && usage.ReportMonth <= last).GroupBy(usage => usage.ReportMonth)
            .Select(month => new { month.Key, Rows = month.Count() }).ToDictionaryAsync(month => month.Key, month => month.Rows, cancellation);

    private async Task CloseAsync(UsageMonth month, UsageMonth first, UsageMonth last, string? note, IProgress<int> rowsDone, CancellationToken cancellation)
    {
        try
        {
            await closeMonth.RunAsync(month, note, cancellation, rowsDone);
        }
        catch (UserFacingException problem) when (problem is not PdfBusyException && !cancellation.IsCancellationRequested)
        {
            var closed = month.Number - first.Number;
            throw new UserFacingException($"{month.Name} was not closed: {problem.Message} {closed} of {last.Number - first.Number + 1} months are closed.", problem.InnerException);
        }
    }

    private sealed class RowsBefore(int before, IProgress<int> all) : IProgress<int>
    {
        public void Report(int value) => all.Report(before + value);
    }
}

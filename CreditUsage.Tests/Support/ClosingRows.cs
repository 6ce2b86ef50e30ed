using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;

namespace CreditUsage.Tests.Support;

/// <summary>Closed months, as rows and nothing else: for tests of what a closed month means to the rest.</summary>
public static class ClosingRows
{
    /// <param name="sha256">Of the PDF, which is not written; zeros where it is not said.</param>
    /// <param name="closedAt">The second day after the month where it is not said.</param>
    public static Task<int> AddAsync(CreditUsageDb db, int subscription, UsageMonth month, long closingCredits = 0, DateTimeOffset? closedAt = null, string? sha256 = null)
    {
        ArgumentNullException.ThrowIfNull(db);
        var at = closedAt ?? new DateTimeOffset(month.End, TimeOnly.MinValue, TimeSpan.Zero).AddDays(1);
        var report = new SavedReport
        {
            Id = Guid.NewGuid(),
            SubscriptionId = subscription,
            // Far from the numbers that the site gives out itself.
            Number = 1_000_000 + month.Number,
            Version = 1,
            Draft = false,
            Form = ReportType.Month,
            Variant = "",
            ContentSha256 = new string('0', 64),
            MadeWith = "the test",
            MonthStart = month.Start,
            Sessions = true,
            TopUps = true,
            Events = 0,
            Credits = 0,
            CostPence = 0,
            FileName = "closed.pdf",
            Pages = 1,
            SizeBytes = 1,
            Sha256 = sha256 ?? new string('0', 64),
            SavedBy = "the test",
            SavedAt = at,
        };
        db.Add(report);
        db.Add(new MonthClosing
        {
            SubscriptionId = subscription,
            Month = month,
            Version = 1,
            ClosedAt = at,
            ClosedBy = "the test",
            RowsSha256 = report.Sha256,
            SavedReportId = report.Id,
            PdfSha256 = report.Sha256,
            Events = 0,
            Corrections = 0,
            Credits = 0,
            CostPence = 0,
            OpeningCredits = 0,
            ClosingCredits = closingCredits,
        });
        return db.SaveChangesAsync();
    }
}

using CreditUsage.Data;

namespace CreditUsage.Features.UsageReport.Paper;

/// <summary>What is entered of a report that is kept.</summary>
internal static class MadeReport
{
    public static SavedReport Row(MadePdf made, ReportSeal seal, string fileName, string savedBy, DateTimeOffset savedAt)
    {
        var (filter, all) = (made.Report.Filter, made.Report.All);
        return new SavedReport
        {
            Id = Guid.CreateVersion7(savedAt),
            SubscriptionId = made.Report.Subscription.Id,
            Number = seal.Number,
            Version = seal.Version,
            Draft = seal.Draft,
            Form = ReportForm.Month,
            Variant = filter.Variant,
            ContentSha256 = made.ContentSha256,
            MadeWith = made.File.MadeWith,
            MonthStart = filter.Month.Start,
            Sessions = filter.Sessions,
            TopUps = filter.TopUps,
            Events = all.Rows,
            Credits = all.Credits,
            CostPence = all.CostPence,
            FileName = fileName,
            Pages = made.File.Pages,
            SizeBytes = made.File.SizeBytes,
            Sha256 = made.File.Sha256,
            SavedBy = savedBy,
            SavedAt = savedAt,
        };
    }
}

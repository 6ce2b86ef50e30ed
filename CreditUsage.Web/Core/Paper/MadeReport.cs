using CreditUsage.Domain;
using CreditUsage.Domain.Reports;

namespace CreditUsage.Core.Paper;

/// <summary>What is entered of a report that is kept.</summary>
internal static class MadeReport
{
    public static SavedReport Row(MadePdf made, ReportSeal seal, PaperRequest asked, string savedBy, DateTimeOffset savedAt, string? fileName = null)
    {
        var (filter, all) = (made.Report.Filter, made.Report.All);
        return new SavedReport
        {
            Id = Guid.CreateVersion7(savedAt),
            SubscriptionId = made.Report.Subscription.Id,
            Number = seal.Number,
            Version = seal.Version,
            Draft = seal.Draft,
            Form = asked.Form,
            Variant = asked.Variant,
            ContentSha256 = made.ContentSha256,
            MadeWith = made.File.MadeWith,
            MonthStart = filter.Month.Start,
            Sessions = filter.Sessions,
            TopUps = filter.TopUps,
            Events = all.Rows,
            Credits = all.Credits,
            CostPence = all.CostPence,
            FileName = fileName ?? asked.FileName,
            Pages = made.File.Pages,
            SizeBytes = made.File.SizeBytes,
            Sha256 = made.File.Sha256,
            SavedBy = savedBy,
            SavedAt = savedAt,
        };
    }
}

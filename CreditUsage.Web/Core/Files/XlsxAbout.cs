using CreditUsage.Core.Jobs;
using CreditUsage.Core.Report;
using CreditUsage.Domain;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Credits;
using CreditUsage.Features.Imports;
using CreditUsage.Features.Savings;

namespace CreditUsage.Core.Files;

/// <summary>What a workbook says of itself, a line each: it may lie somewhere on its own for years.</summary>
internal static class XlsxAbout
{
    public static IEnumerable<(string What, string Is)> Lines(CreditUsageReport report, string by, string contentSha256)
    {
        var filter = report.Filter;
        yield return ("Report", report.Heading);
        yield return ("Subscription", report.Subscription.Name);
        yield return ("Month", filter.Month.Name);
        yield return ("State", report.State.Label);
        yield return ("Included", filter.Included);
        if (filter.ForAccountant) yield return ("Copy", "An accountant's copy: codes stand for the clients, and the totals are the report's");
        if (filter.ProgramsHidden) yield return ("Programs", "Hidden");
        foreach (var criterion in report.Criteria) yield return (criterion.Label, criterion.Value);
        yield return ("It adds up to", report.Sentence);
        if (report.Withheld is { } withheld) yield return ("Cost", withheld);
        yield return ("Made by", by);
        yield return ("Data as at", Display.Moment(report.AsAt));
        yield return ("SHA-256 of the content", contentSha256);
    }
}

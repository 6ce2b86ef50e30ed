using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using Microsoft.AspNetCore.WebUtilities;

namespace CreditUsage.Core.Jobs;

/// <summary>What a job was asked for, read as the report's own page reads it.</summary>
internal static class ReportJobRequest
{
    /// <summary>Null where it cannot be asked for any more, and why.</summary>
    public static PaperRequest? Asked(this ReportJob job, ReportableMonths months, out IReadOnlyList<Problem> faults)
    {
        var query = new QueryCollection(QueryHelpers.ParseQuery(job.Request));
        return UsageReportInput.From(query).Validate(months, out _, out faults) is { } filter ? new(filter, BillbackWords.Of(query["by"])) : null;
    }
}

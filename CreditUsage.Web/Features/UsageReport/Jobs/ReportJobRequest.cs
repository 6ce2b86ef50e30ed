using CreditUsage.Data;
using CreditUsage.Domain;
using Microsoft.AspNetCore.WebUtilities;

namespace CreditUsage.Features.UsageReport.Jobs;

/// <summary>What a job was asked for, read as the report's own page reads it.</summary>
internal static class ReportJobRequest
{
    /// <summary>Null where it cannot be asked for any more, and why.</summary>
    public static UsageReportFilter? Filter(this ReportJob job, ReportableMonths months, out IReadOnlyList<InputFault> faults) =>
        UsageReportInput.From(new QueryCollection(QueryHelpers.ParseQuery(job.Request))).Validate(months, out _, out faults);
}

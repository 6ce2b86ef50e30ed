using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using Microsoft.AspNetCore.WebUtilities;

namespace CreditUsage.Core.Jobs;

public static class JobLabels
{
    public static string Label(this ReportJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.State switch
        {
            ReportJobState.Queued => "Waiting",
            ReportJobState.Running when job.CancelRequestedAt is not null => "Being cancelled",
            ReportJobState.Running => job.Closes ? "Being closed" : "In progress",
            ReportJobState.Done => job.Closes ? "Closed" : "Saved",
            ReportJobState.Failed => "Failed",
            ReportJobState.Cancelled => "Cancelled",
            _ => throw new InvalidOperationException($"There is no report in the state {job.State}."),
        };
    }

    /// <summary>"October 2026", or "August 2026 to October 2026".</summary>
    public static string Months(this ReportJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.ClosesFrom is { } first ? $"{first.Name} to {job.Month.Name}" : job.Month.Name;
    }

    /// <summary>"PDF of October 2026".</summary>
    public static string Name(this ReportJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return $"{(job.Closes ? "Closing" : job.Form == ReportType.Billback ? "Billback" : "PDF")} of {job.Months()}";
    }

    public static string Address(this ReportJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return $"/usage-report/jobs/{job.Id}";
    }

    internal static AuditAction ActionForAudit(this ReportJob job) => job.Closes ? AuditAction.Close : AuditAction.Save;

    /// <summary>Without the text that was searched for, a client's id, and a program's name, which requests had before they had its row.</summary>
    internal static string AuditDetails(this ReportJob job)
    {
        if (job.ClosesFrom is { } first) return $"closing of {first.Name} to {job.Month.Name}";
        if (job.Closes) return "closing";
        var parameters = job.Request.Split('&').ToLookup(Names);
        return $"PDF, {string.Join('&', parameters[false])}{(parameters[true].Any() ? ", searched for a text" : "")}";

        static bool Names(string parameter) => parameter.Split('=') is ["q" or "client", _] || (parameter.Split('=') is ["program", var program] && ProgramKey.RowOf(program) is null);
    }

    public static bool IsUnderWay(this ReportJob job) => job is { State: ReportJobState.Queued or ReportJobState.Running };
}

internal static class JobRequestReader
{
    /// <summary>Null where it cannot be requested any more; the problems say why.</summary>
    public static ReportRequest? ReadRequest(this ReportJob job, ReportableMonths months, out IReadOnlyList<Problem> faults)
    {
        var query = new QueryCollection(QueryHelpers.ParseQuery(job.Request));
        return ReportInput.From(query).Validate(months, out _, out faults) is { } filter ? new(filter, BillbackLabels.Of(query["by"])) : null;
    }
}

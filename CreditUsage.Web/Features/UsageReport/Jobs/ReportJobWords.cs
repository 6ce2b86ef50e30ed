using CreditUsage.Data;

namespace CreditUsage.Features.UsageReport.Jobs;

/// <summary>A report in the background, in words.</summary>
public static class ReportJobWords
{
    public static string Label(this ReportJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.State switch
        {
            ReportJobState.Queued => "Waiting",
            ReportJobState.Running when job.CancelRequestedAt is not null => "Being cancelled",
            ReportJobState.Running => "Being made",
            ReportJobState.Done => "Saved",
            ReportJobState.Failed => "Failed",
            ReportJobState.Cancelled => "Cancelled",
            _ => throw new InvalidOperationException($"There is no report in the state {job.State}."),
        };
    }

    /// <summary>Whether something will still become of it.</summary>
    public static bool IsUnderWay(this ReportJob job) => job is { State: ReportJobState.Queued or ReportJobState.Running };
}

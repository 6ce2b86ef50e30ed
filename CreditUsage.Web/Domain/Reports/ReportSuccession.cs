using CreditUsage.Domain.Months;

namespace CreditUsage.Domain.Reports;

/// <summary>What has become of a saved report since: another has taken its place, or its month was reopened.</summary>
/// <param name="Version">The closing of its month that counts instead.</param>
/// <param name="ReopenedAt">When its month was reopened, which has not been closed again.</param>
/// <param name="Draft">The later draft of its kind.</param>
public sealed record ReportSuccession(MonthClosing? Version, DateTimeOffset? ReopenedAt, int? Draft)
{
    /// <summary>"superseded by version 2".</summary>
    public string Label => (Version, Draft) switch
    {
        ({ } version, _) => $"superseded by version {version.Version}",
        (_, { } draft) => $"superseded by draft {draft}",
        _ => "reopened since",
    };

    /// <summary>Null where the report stands.</summary>
    /// <param name="latest">The latest closing of its month, reopened or not.</param>
    /// <param name="latestDraft">The latest draft of its month, kinds, form and variant.</param>
    public static ReportSuccession? Of(SavedReport report, MonthClosing? latest, int? latestDraft)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (latest is not null && (report.Draft ? latest.ReopenedAt is null || latest.ClosedAt > report.SavedAt : latest.Version > report.Version)) return new(latest, null, null);
        if (!report.Draft) return latest?.ReopenedAt is { } at ? new(null, at, null) : null;
        return latestDraft > report.Version ? new(null, null, latestDraft) : null;
    }
}

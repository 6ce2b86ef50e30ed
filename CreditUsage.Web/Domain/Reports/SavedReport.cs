using CreditUsage.Domain.Months;

namespace CreditUsage.Domain.Reports;

/// <summary>A PDF kept byte for byte, in the data folder under <see cref="Sha256"/>.</summary>
public sealed class SavedReport : IOwnedBySubscription
{
    /// <summary>The parameters of <see cref="Variant"/> that leave rows out, with what they filter by.</summary>
    public static readonly IReadOnlyList<(string Parameter, string Label)> Filters =
        [("staff", "staff member"), ("client", "client"), ("program", "program"), ("device", "device"), ("from", "day"), ("to", "day"), ("q", "text")];

    public Guid Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>From 1, raised with each report that the subscription begins; printed on every page.</summary>
    public required int Number { get; init; }

    /// <summary>The version that the month was closed as; for a <see cref="Draft"/>, its number among the drafts of its kind and month.</summary>
    public required int Version { get; init; }

    public required bool Draft { get; init; }

    public required ReportType Form { get; init; }

    /// <summary>A query string of what differs from the plain report; empty for the plain one.</summary>
    public required string Variant { get; init; }

    /// <summary>Of the rows, totals and charts shown, lower-case hexadecimal: the same content is not made twice.</summary>
    public required string ContentSha256 { get; init; }

    public string Label => $"Report {Number}, {(Draft ? "draft" : "version")} {Version}";

    public bool IsPart => Variant.Split('&').Any(parameter => Filters.Any(filter => filter.Parameter == parameter.Split('=')[0]));

    /// <summary>Such as "wkhtmltopdf 0.12.6, Bubblewrap".</summary>
    public required string MadeWith { get; init; }

    /// <summary>When the file was removed at the end of its retention, or withdrawn; the row stays.</summary>
    public DateTimeOffset? RemovedAt { get; set; }

    /// <summary>As the end of a sentence; null while the file is there.</summary>
    public string? RemovedBecause => RemovedAt is null ? null : RemovedAt == AnonymisedAt ? "since it named a client who has been anonymised" : "at the end of its retention period";

    public required DateOnly MonthStart { get; init; }

    public required bool Sessions { get; init; }

    public required bool TopUps { get; init; }

    public required int Events { get; init; }

    public required long Credits { get; init; }

    /// <summary>Null where costs were withheld.</summary>
    public required long? CostPence { get; init; }

    public required string FileName { get; init; }

    public required int Pages { get; init; }

    public required long SizeBytes { get; init; }

    public required string Sha256 { get; init; }

    /// <summary>When the file was replaced by an anonymised edition, or withdrawn for want of one; null where it is the one that was saved.</summary>
    public DateTimeOffset? AnonymisedAt { get; init; }

    /// <summary>Of the file that the edition replaced; null where none was.</summary>
    public string? ReplacesSha256 { get; init; }

    public required string SavedBy { get; init; }

    public required DateTimeOffset SavedAt { get; init; }
}

/// <summary>The numbers are stored: they never change.</summary>
public enum ReportType
{
    Month = 1,

    /// <summary>The month with a group of pages for each payer.</summary>
    Billback = 2,
}

/// <summary>Why a saved report no longer counts: a newer one replaced it, or its month was reopened.</summary>
public sealed record ReportSuccession(MonthClosing? Version, DateTimeOffset? ReopenedAt, int? Draft)
{
    public string Label => (Version, Draft) switch
    {
        ({ } version, _) => $"superseded by version {version.Version}",
        (_, { } draft) => $"superseded by draft {draft}",
        _ => "reopened since",
    };

    /// <param name="latestDraft">The latest draft with the same month, kinds, form and variant.</param>
    public static ReportSuccession? Of(SavedReport report, MonthClosing? latest, int? latestDraft)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (latest is not null && (report.Draft ? latest.ReopenedAt is null || latest.ClosedAt > report.SavedAt : latest.Version > report.Version)) return new(latest, null, null);
        if (!report.Draft) return latest?.ReopenedAt is { } at ? new(null, at, null) : null;
        return latestDraft > report.Version ? new(null, null, latestDraft) : null;
    }
}

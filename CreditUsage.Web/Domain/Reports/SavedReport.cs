using CreditUsage.Domain.Months;

namespace CreditUsage.Domain.Reports;

/// <summary>A PDF that was produced and kept, byte for byte. Its bytes lie under <see cref="Sha256"/> in the data folder.</summary>
public sealed class SavedReport : IOwnedBySubscription
{
    private static readonly string[] Narrowing = ["staff", "client", "program", "device", "from", "to", "q"];

    public Guid Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>1 for a subscription's first saved report, and one more for each that was begun since. It stands on every page.</summary>
    public required int Number { get; init; }

    /// <summary>The version that its month was closed as; of a <see cref="Draft"/>, how many of its kind there have been of the month.</summary>
    public required int Version { get; init; }

    /// <summary>The month was not closed when it was made.</summary>
    public required bool Draft { get; init; }

    public required ReportType Form { get; init; }

    /// <summary>What tells it from the plain report of the same month and kinds, as a query string; empty for the plain one.</summary>
    public required string Variant { get; init; }

    /// <summary>Of the rows and totals that it shows, lower-case hexadecimal: the same content is not made twice.</summary>
    public required string ContentSha256 { get; init; }

    /// <summary>"Report 17, version 1" or "Report 18, draft 2", as it stands on its pages.</summary>
    public string Label => $"Report {Number}, {(Draft ? "draft" : "version")} {Version}";

    /// <summary>Whether it was narrowed: what it shows is not the month's whole.</summary>
    public bool IsPart => Variant.Split('&').Any(parameter => Narrowing.Contains(parameter.Split('=')[0]));

    /// <summary>The engine and the cage that it was made in, such as "wkhtmltopdf 0.12.6, Bubblewrap".</summary>
    public required string MadeWith { get; init; }

    /// <summary>When its file was removed, once it had been kept for as long as it must be. What the row says of it stays.</summary>
    public DateTimeOffset? RemovedAt { get; set; }

    /// <summary>The first day of the month that it reports.</summary>
    public required DateOnly MonthStart { get; init; }

    public required bool Sessions { get; init; }

    public required bool TopUps { get; init; }

    public required int Events { get; init; }

    public required long Credits { get; init; }

    /// <summary>Pence; absent where the money was withheld.</summary>
    public required long? CostPence { get; init; }

    public required string FileName { get; init; }

    public required int Pages { get; init; }

    public required long SizeBytes { get; init; }

    /// <summary>Lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The e-mail address of who saved it, as it was then.</summary>
    public required string SavedBy { get; init; }

    public required DateTimeOffset SavedAt { get; init; }
}

/// <summary>What kind of paper a saved report is. The numbers are stored: they never change.</summary>
public enum ReportType
{
    /// <summary>The month's rows and totals.</summary>
    Month = 1,

    /// <summary>The month with a group of pages for each who is billed for it.</summary>
    Billback = 2,
}

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

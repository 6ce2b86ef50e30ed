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

    public required ReportForm Form { get; init; }

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

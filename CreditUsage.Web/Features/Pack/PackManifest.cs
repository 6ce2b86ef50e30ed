using System.Text.Json;
using CreditUsage.Core.Files;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Reports;

namespace CreditUsage.Features.Pack;

/// <summary>What a pack says of itself, in manifest.json: of what it is, and what each of its files must be.</summary>
/// <param name="Report">The totals that every file of the report shows.</param>
/// <param name="Version">The version that the month is closed as; null while it is not.</param>
/// <param name="Copy">What kind of copy; null for the report itself.</param>
/// <param name="ContentSha256">Of the rows and totals, as saved reports have it.</param>
/// <param name="SavedReport">The number of the saved report that the PDF is, byte for byte; null where it was made for the pack.</param>
/// <param name="NotIncluded">What another pack might have, and why this one has not.</param>
internal sealed record PackManifest(
    ReportTotals Report,
    int? Version,
    IReadOnlyList<string> Kinds,
    string? Copy,
    string ContentSha256,
    int? SavedReport,
    string MadeBy,
    DateTimeOffset MadeAt,
    IReadOnlyList<PackedFile> Files,
    IReadOnlyList<string> NotIncluded)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public Task WriteAsync(Stream stream, CancellationToken cancellation) => JsonSerializer.SerializeAsync(stream, this, Json, cancellation);
}

/// <param name="Sha256">Lower-case hexadecimal.</param>
internal sealed record PackedFile(string Name, long SizeBytes, string Sha256);

/// <summary>What a pack is made of.</summary>
/// <param name="Report">The month, whose snapshot is open.</param>
/// <param name="Sha256">Of its rows and totals, as saved reports have it.</param>
/// <param name="Saved">The saved report that shows it already; null where its PDF has to be made.</param>
/// <param name="GeneratedBy">An e-mail address.</param>
/// <param name="MayAudit">Whether they may read the audit.</param>
internal sealed record PackContent(CreditUsageReport Report, string Sha256, SavedReport? Saved, string GeneratedBy, bool MayAudit)
{
    public ReportFilter Filter => Report.Filter;

    /// <summary>An accountant's copy names no client, and the audit might.</summary>
    public bool Audited => MayAudit && !Filter.ForAccountant;
}

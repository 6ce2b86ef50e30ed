using System.Text.Json;
using CreditUsage.Core.Files;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Reports;

namespace CreditUsage.Features.Pack;

/// <summary>The manifest.json of a pack: what it contains, and the hash of each file.</summary>
/// <param name="Version">The version of the closing; null while the month is open.</param>
/// <param name="ContentSha256">Of the rows and totals, as on the PDF's first page.</param>
/// <param name="SavedReport">The number of the saved report whose PDF this is, byte for byte; null where the PDF was made for the pack.</param>
/// <param name="NotIncluded">What other packs may contain, and why this one does not.</param>
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

/// <param name="Report">The month, with its snapshot open.</param>
/// <param name="Saved">The saved report that shows it already; null where its PDF must be made.</param>
internal sealed record PackContent(CreditUsageReport Report, string Sha256, SavedReport? Saved, string GeneratedBy, bool MayAudit)
{
    public ReportFilter Filter => Report.Filter;

    /// <summary>An accountant's copy names no client, and the audit might.</summary>
    public bool Audited => MayAudit && !Filter.ForAccountant;
}

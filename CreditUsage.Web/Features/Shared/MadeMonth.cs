using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Platform.Pdf;

namespace CreditUsage.Features.Shared;

/// <summary>What a month comes to, ready to be kept.</summary>
/// <param name="Saved">The row of its PDF among the saved reports, not entered yet.</param>
/// <param name="Rows">The report's JSON, every row and the totals.</param>
/// <param name="RowsSha256">Of <paramref name="Rows"/>, lower-case hexadecimal.</param>
/// <param name="AsAt">The instant of the rows.</param>
public sealed record MadeMonth(
    UsageMonth Month, int Version, PdfFile Pdf, SavedReport Saved, byte[] Rows, string RowsSha256, int Events, int Corrections, DateTimeOffset AsAt) : IDisposable
{
    public void Dispose() => Pdf.Dispose();
}
